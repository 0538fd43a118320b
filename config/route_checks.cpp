#include "config/route_checks.hpp"

#include "config/reading/complaint.hpp"
#include "config/reading/nearest.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

namespace {

constexpr auto no_name = "a name is 1 to 256 characters, none of them a control character";

bool is_name(const std::string& text) {
  const auto shown = [](char letter) { return letter < 0 || letter >= ' '; };
  return !text.empty() && text.size() <= 256 && std::all_of(text.begin(), text.end(), shown);
}

std::ptrdiff_t stars(const std::string& text) { return std::count(text.begin(), text.end(), '*'); }

template <class... Maps>
std::vector<std::string_view> names_of(const Maps&... tables) {
  std::vector<std::string_view> names;
  const auto add = [&](const auto& table) {
    for (const auto& [name, entry] : table) names.push_back(name);
  };
  (add(tables), ...);
  return names;
}

class model_checks {
 public:
  model_checks(const config& what, complaints& said) : what_(what), said_(said), table_(what.models) {}

  void run() {
    if (what_.models.empty()) said_.add_news("/models", "must name at least one model");
    for (const auto& [name, entry] : what_.models) {
      check_name(name);
      check_aliases(name, entry);
      check_targets(name, entry);
    }
    for (const auto& [name, entry] : what_.models) {
      check_fallbacks(below(below("/models", name), "fallbacks"), entry.fallbacks);
      check_fallbacks(below(below("/models", name), "context_window_fallbacks"), entry.context_window_fallbacks);
    }
    if (!what_.default_model.empty()) check_resolves("/default_model", what_.default_model);
    look_for_cycles();
  }

 private:
  void check_name(const std::string& name) {
    if (!is_name(name)) said_.add_news(below("/models", name), no_name);
    if (stars(name) > 1) said_.add_news(below("/models", name), "a name may have one * only");
  }

  // Every alias is taken into aliases_, so that the names that are looked up later find it.
  void check_aliases(const std::string& name, const route& entry) {
    const auto here = below(below("/models", name), "aliases");
    if (!entry.aliases.empty() && stars(name) > 0) {
      said_.add_news(here, "are for a model whose name has no *");
    }
    for (std::size_t i = 0; i < entry.aliases.size(); ++i) {
      const auto& alias = entry.aliases[i];
      const auto [other, fresh] = aliases_.emplace(alias, name);
      if (!is_name(alias)) {
        said_.add_news(below(here, i), no_name);
      } else if (stars(alias) > 0) {
        said_.add_news(below(here, i), "must be the name of one model, without a *");
      } else if (what_.models.contains(alias)) {
        said_.add_news(below(here, i), "is the name of an entry under models already");
      } else if (!fresh) {
        said_.add_news(below(here, i), "is an alias of " + other->second + " already");
      }
    }
  }

  void check_targets(const std::string& name, const route& entry) {
    const auto here = below(below("/models", name), "targets");
    bool weightless = !entry.targets.empty();
    for (std::size_t i = 0; i < entry.targets.size(); ++i) {
      const auto& to = entry.targets[i];
      const auto at = below(here, i);
      if (!what_.upstreams.contains(to.upstream) && !said_.about("/upstreams")) {
        said_.add_news(below(at, "upstream"),
                       "no upstream has this name; " + suggest(to.upstream, names_of(what_.upstreams)));
      }
      if (stars(to.model) > 1) said_.add_news(below(at, "model"), "may have one * only");
      if (stars(to.model) > 0 && stars(name) == 0) {
        said_.add_news(below(at, "model"), "may have a * only when the name of the model has one");
      }
      weightless = weightless && to.weight == 0;
    }
    if (weightless && entry.how == strategy::weighted)
      said_.add_news(here, "at least one target needs a weight over 0");
  }

  void check_fallbacks(const std::string& here, const std::vector<std::string>& models) {
    for (std::size_t i = 0; i < models.size(); ++i) check_resolves(below(here, i), models[i]);
  }

  // The name of the entry that requests for this model come to.
  std::optional<std::string> resolved(const std::string& model) const {
    const auto alias = aliases_.find(model);
    const auto found = table_.find(alias == aliases_.end() ? model : alias->second);
    return found ? std::optional(std::string(found->pattern)) : std::nullopt;
  }

  void check_resolves(const std::string& pointer, const std::string& model) {
    if (said_.about("/models")) return;
    if (stars(model) > 0) {
      said_.add_news(pointer, "must be the name of one model, without a *");
    } else if (!resolved(model)) {
      said_.add_news(pointer,
                     "no entry under models matches this name; " + suggest(model, names_of(what_.models, aliases_)));
    }
  }

  // Depth first over the fallbacks of both kinds, since a request may take one after the other. Without recursion,
  // since a chain is as long as the operator makes it.
  void look_for_cycles() {
    struct step {
      std::string name;
      std::size_t next = 0; ///< Which fallback comes after those tried.
    };
    enum class state : std::uint8_t { on_path, done };
    std::map<std::string, state> seen;
    for (const auto& [start, entry] : what_.models) {
      std::vector<step> path;
      if (seen.emplace(start, state::on_path).second) path.push_back({start});
      while (!path.empty()) {
        auto& [name, next] = path.back();
        const auto& fallbacks = what_.models.at(name).fallbacks;
        const auto& longer = what_.models.at(name).context_window_fallbacks;
        if (next == fallbacks.size() + longer.size()) {
          seen[name] = state::done;
          path.pop_back();
          continue;
        }
        const bool of_first_kind = next < fallbacks.size();
        const auto found = resolved(of_first_kind ? fallbacks[next] : longer[next - fallbacks.size()]);
        ++next;
        if (!found) continue;
        if (seen.emplace(*found, state::on_path).second) {
          path.push_back({*found});
        } else if (seen[*found] == state::on_path) {
          const auto again = std::ranges::find(path, *found, &step::name);
          std::string circle;
          for (auto each = again; each != path.end(); ++each) circle += each->name + " -> ";
          const auto* const kind = of_first_kind ? "fallbacks" : "context_window_fallbacks";
          said_.add_news(below(below("/models", path.back().name), kind), "go round in a circle: " + circle + *found);
        }
      }
    }
  }

  const config& what_;
  complaints& said_;
  route_table table_;
  std::map<std::string, std::string> aliases_; ///< To the names of their entries.
};

} // namespace

void check_models(const config& what, complaints& said) { model_checks(what, said).run(); }

} // namespace gateway
