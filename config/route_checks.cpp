#include "config/route_checks.hpp"

#include "config/reading/complaint.hpp"
#include "config/reading/nearest.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace gateway {

namespace {

std::ptrdiff_t stars(const std::string& text) { return std::count(text.begin(), text.end(), '*'); }

template <class Map>
std::vector<std::string_view> names_of(const Map& table) {
  std::vector<std::string_view> names;
  names.reserve(table.size());
  for (const auto& [name, entry] : table) names.push_back(name);
  return names;
}

class model_checks {
 public:
  model_checks(const config& what, complaints& said) : what_(what), said_(said), table_(what.models) {}

  void run() {
    if (what_.models.empty()) said_.add_news("/models", "must name at least one model");
    for (const auto& [name, entry] : what_.models) {
      check_name(name);
      check_targets(name, entry);
      check_fallbacks(name, entry);
    }
    if (!what_.default_model.empty()) check_resolves("/default_model", what_.default_model);
    look_for_cycles();
  }

 private:
  void check_name(const std::string& name) {
    const bool shown = std::none_of(name.begin(), name.end(), [](char letter) { return letter >= 0 && letter < ' '; });
    if (name.empty() || name.size() > 256 || !shown) {
      said_.add_news(below("/models", name), "a name is 1 to 256 characters, none of them a control character");
    }
    if (stars(name) > 1) said_.add_news(below("/models", name), "a name may have one * only");
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

  void check_fallbacks(const std::string& name, const route& entry) {
    for (std::size_t i = 0; i < entry.fallbacks.size(); ++i) {
      check_resolves(below(below(below("/models", name), "fallbacks"), i), entry.fallbacks[i]);
    }
  }

  void check_resolves(const std::string& pointer, const std::string& model) {
    if (said_.about("/models")) return;
    if (stars(model) > 0) {
      said_.add_news(pointer, "must be the name of one model, without a *");
    } else if (!table_.find(model)) {
      said_.add_news(pointer, "no entry under models matches this name; " + suggest(model, names_of(what_.models)));
    }
  }

  // Depth first over the fallbacks, without recursion, since a chain is as long as the operator makes it.
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
        if (next == fallbacks.size()) {
          seen[name] = state::done;
          path.pop_back();
          continue;
        }
        const auto found = table_.find(fallbacks[next++]);
        if (!found) continue;
        if (seen.emplace(found->pattern, state::on_path).second) {
          path.push_back({found->pattern});
        } else if (seen[found->pattern] == state::on_path) {
          const auto again = std::ranges::find(path, found->pattern, &step::name);
          std::string circle;
          for (auto each = again; each != path.end(); ++each) circle += each->name + " -> ";
          said_.add_news(below(below("/models", path.back().name), "fallbacks"),
                         "go round in a circle: " + circle + found->pattern);
        }
      }
    }
  }

  const config& what_;
  complaints& said_;
  route_table table_;
};

} // namespace

void check_models(const config& what, complaints& said) { model_checks(what, said).run(); }

} // namespace gateway
