#include "bench/load/tally.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace gateway::bench {

nlohmann::json tally::as_json(std::chrono::nanoseconds took) {
  nlohmann::json out;
  out["seconds"] = std::chrono::duration<double>(took).count();
  out["due"] = due;
  out["statuses"] = nlohmann::json::object();
  for (const auto& [status, count] : statuses) out["statuses"][std::to_string(status)] = count;
  out["errors"] = {
      {"dropped", dropped}, {"malformed", malformed}, {"without_done", without_done}, {"unfinished", unfinished}};
  out["most_open"] = most_open;
  out["latency_us"] = latency.as_json();
  out["refusal_us"] = refusal.as_json();
  out["first_token_us"] = first_token.as_json();
  out["gap_us"] = gap.as_json();
  out["own_lag_us"] = own_lag.as_json();
  return out;
}

} // namespace gateway::bench
