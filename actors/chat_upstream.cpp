#include "actors/chat_upstream.hpp"

#include "actors/answer.hpp"

#include <string>
#include <utility>

namespace gateway {
namespace {

std::string quoted(const std::string& model) {
  constexpr std::size_t longest = 128;
  return model.size() <= longest ? "'" + model + "'" : "of this name";
}

result<picked_target> pick(chat_upstream_state& state, const pick_request& wanted, timestamp now) {
  auto match = state.routes->find(wanted.model);
  if (!match)
    return fail(ec::not_found, "there is no model " + quoted(wanted.model) + ": GET /v1/models lists those there are",
                "model");
  const auto& way = *match->entry;
  const auto* to = choose_target(way, wanted.excluded, state.health, now, state.random);
  if (!to) return fail(ec::upstream_unavailable, "every upstream of this model was tried: try again in a moment");
  state.health[to->upstream].start();
  return picked_target{match->pattern, to->upstream, upstream_model(*to, wanted.model, match->star),
                       way.max_output_tokens, way.retries};
}

target_statuses statuses(const chat_upstream_state& state) {
  target_statuses all;
  for (const auto& [upstream, health] : state.health)
    all.push_back({upstream, health.in_flight(), health.calls(), health.failures(), health.consecutive_failures(),
                   health.latency(), health.last_error()});
  return all;
}

} // namespace

chat_upstream_actor::behavior_type chat_upstream(pinned_pointer<chat_upstream_actor, chat_upstream_state> self,
                                                 std::shared_ptr<const route_table> routes, std::uint64_t seed) {
  auto& known = self->state;
  for (const auto& [pattern, way] : routes->routes())
    for (const auto& to : way.targets) known.health.try_emplace(to.upstream);
  known.routes = std::move(routes);
  known.random.seed(seed);
  return {
      [self](pick_atom, const pick_request& wanted, timestamp now) {
        return to_answer(pick(self->state, wanted, now));
      },
      [self](report_atom, const call_report& report, timestamp now) {
        auto found = self->state.health.find(report.upstream);
        if (found == self->state.health.end()) return;
        found->second.finish({report.healthy, report.error, std::chrono::microseconds{report.latency_us}}, now);
      },
      [self](status_atom) { return statuses(self->state); },
  };
}

} // namespace gateway
