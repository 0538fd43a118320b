#include "http/endpoints/admin_upstreams.hpp"

#include "config/base_url.hpp"
#include "runtime/ask.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

/// What two workers know of a target, in one: counts add up, latency is the mean by calls, trouble is the worst.
void merge(target_status& into, const target_status& other) {
  const auto calls = into.calls + other.calls;
  if (calls > 0)
    into.latency_us =
        (into.latency_us * static_cast<double>(into.calls) + other.latency_us * static_cast<double>(other.calls)) /
        static_cast<double>(calls);
  into.calls = calls;
  into.in_flight += other.in_flight;
  into.failures += other.failures;
  into.consecutive_failures = std::max(into.consecutive_failures, other.consecutive_failures);
  into.credentials_set_aside = std::max(into.credentials_set_aside, other.credentials_set_aside);
  into.credentials_resting = std::max(into.credentials_resting, other.credentials_resting);
  if (other.state == breaker_state::open || into.state == breaker_state::closed) into.state = other.state;
  if (into.last_error.empty()) into.last_error = other.last_error;
}

ordered_json text_or_null(const std::string& text) { return text.empty() ? ordered_json() : ordered_json(text); }

ordered_json to_json(const target_status& status, const upstream_spec& spec) {
  const ordered_json keys{{"count", spec.api_keys.size()},
                          {"set_aside", status.credentials_set_aside},
                          {"resting", status.credentials_resting}};
  return {
      {"upstream", status.upstream},
      {"model", text_or_null(status.model)},
      {"kind", to_string(spec.kind)},
      {"base_url", spec.base_url.empty() ? ordered_json() : ordered_json(to_string(spec.base_url))},
      {"healthy", status.consecutive_failures == 0 && status.state == breaker_state::closed},
      {"breaker", to_string(status.state)},
      {"in_flight", status.in_flight},
      {"calls", status.calls},
      {"failures", status.failures},
      {"consecutive_failures", status.consecutive_failures},
      {"latency_ms", status.latency_us / 1000},
      {"credentials", keys},
      {"last_error", text_or_null(status.last_error)},
  };
}

} // namespace

task<void> list_upstreams(exchange& talk) {
  const auto people = talk.house.people;
  std::map<std::uint32_t, target_status> merged;
  for (const auto& each : people->chat_upstream) {
    auto statuses = co_await ask(each, status_atom::value, talk.now());
    if (!statuses) co_return co_await talk.refuse(std::move(statuses.error()));
    for (auto& status : *statuses) {
      const auto [known, is_new] = merged.try_emplace(status.target, status);
      if (!is_new) merge(known->second, status);
    }
  }
  auto list = ordered_json::array();
  for (const auto& [number, status] : merged)
    list.push_back(to_json(status, talk.house.settings.upstreams.at(status.upstream)));
  co_await talk.reply.send(200, "application/json", list.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

} // namespace gateway
