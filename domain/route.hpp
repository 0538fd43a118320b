#pragma once

#include "domain/money.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// How one of a route's targets is chosen.
enum class strategy : std::uint8_t {
  weighted,      ///< At random, in proportion to `target::weight`.
  priority,      ///< The lowest `target::priority` that is healthy.
  least_latency, ///< The one that answered fastest lately.
  least_busy,    ///< The one with the fewest calls in flight.
};

std::string_view to_string(strategy how);
std::optional<strategy> strategy_from(std::string_view text);

/// One place that a model's requests can go to.
struct target {
  std::string upstream; ///< A name under `upstreams`.
  std::string model;    ///< What the upstream calls it; empty: as the caller does; `*`: what the name's `*` matched.
  std::uint32_t weight = 1;   ///< For `weighted`.
  std::uint32_t priority = 0; ///< For `priority`; lower goes first.
};

/// Where the requests for a model go.
struct route {
  std::vector<target> targets;
  strategy how = strategy::weighted;
  std::uint32_t retries = 2;
  std::vector<std::string> fallbacks;                  ///< Other model names, in order.
  std::vector<std::string> context_window_fallbacks{}; ///< The same, for prompts that are too long for this one.
  std::vector<std::string> aliases{};                  ///< Other names of this entry; never patterns.
  std::uint64_t max_output_tokens = 4096;              ///< What is held when the caller names no maximum.
  std::optional<price> cost;                           ///< Nothing: it costs nothing.
};

/// What that costs on this route.
micro_dollars cost_of(const route& way, const token_usage& usage);

/// By model name, or by a pattern.
using route_map = std::map<std::string, route, std::less<>>;

/// A name that a caller asked for, found in the table.
struct matched_route {
  std::string_view pattern; ///< The entry that matched: `openai/*`. Bounded by the config, so fit for labels.
  const route* entry;       ///< Both live as long as the table.
  std::string_view model; ///< The name to go by: that of the entry when an alias was asked for, else the one asked for.
  std::string_view star;  ///< What the `*` stood for; a view into the name asked for.
};

/// Model names to routes. An alias is as good as its entry's name. A name has at most one `*`; an exact name wins, then
/// the longest pattern.
class route_table {
 public:
  route_table() = default;
  explicit route_table(route_map routes);

  std::optional<matched_route> find(std::string_view model) const;
  const route_map& routes() const { return routes_; }

 private:
  route_map routes_;
  std::map<std::string, std::string, std::less<>> aliases_; ///< To the names of their entries.
  std::vector<std::string> patterns_;                       ///< Those with a `*`, longest first.
};

/// The name that goes to the upstream for this target.
std::string upstream_model(const target& to, std::string_view asked_for, std::string_view star);

} // namespace gateway
