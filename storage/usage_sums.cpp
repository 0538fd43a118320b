#include "storage/usage_sums.hpp"

#include <algorithm>

namespace gateway {

namespace {

using std::chrono::floor;
using std::chrono::hours;
using hour_time = std::chrono::sys_time<hours>;

void add_up(std::uint64_t& sum, std::uint64_t more) {
  constexpr auto most = usage_count::most;
  sum = std::min(std::min(sum, most) + std::min(more, most), most);
}

bool names_no_model(const audit_record& record) { return record.status == 404 && record.attempts == 0; }

} // namespace

void usage_count::add(const usage_count& other) {
  add_up(requests, other.requests);
  add_up(errors, other.errors);
  add_up(usage.prompt_tokens, other.usage.prompt_tokens);
  add_up(usage.completion_tokens, other.usage.completion_tokens);
  add_up(usage.cached_tokens, other.usage.cached_tokens);
  add_up(usage.reasoning_tokens, other.usage.reasoning_tokens);
  add_up(cost, other.cost);
}

void add_to(usage_sums& sums, const audit_record& record) {
  if (!record.admin.empty()) return;
  usage_place place{floor<hours>(record.created_at), record.tenant_id, record.key_id,
                    names_no_model(record) ? std::string() : record.model, record.upstream};
  const usage_count one{1, record.error_code.empty() ? 0U : 1U, record.usage, record.cost};
  sums[std::move(place)].add(one);
}

usage_report::usage_report(const usage_query& query)
    : query_(query),
      from_(query.from ? floor<hours>(*query.from) : hour_time::min()),
      to_(query.to ? floor<hours>(*query.to) : hour_time::max()) {
  if (query_.group_by.empty()) groups_[{}];
}

bool usage_report::wants(usage_group what) const {
  return std::find(query_.group_by.begin(), query_.group_by.end(), what) != query_.group_by.end();
}

void usage_report::add(const usage_place& place, const usage_count& count) {
  if (place.hour < from_ || place.hour >= to_) return;
  if (query_.tenant_id && place.tenant_id != *query_.tenant_id) return;
  if (query_.key_id && place.key_id != *query_.key_id) return;
  const auto named = [&](usage_group what, const std::string& name) { return wants(what) ? name : std::string(); };
  auto& sum = groups_[{named(usage_group::tenant_id, place.tenant_id), named(usage_group::key_id, place.key_id),
                       named(usage_group::model, place.model), named(usage_group::upstream, place.upstream),
                       wants(usage_group::day) ? to_string(day_of(place.hour)) : std::string()}];
  sum.add(count);
}

usage_rows usage_report::rows() const {
  usage_rows all;
  for (const auto& [names, sum] : groups_) {
    const auto& [tenant_id, key_id, model, upstream, day] = names;
    all.push_back({tenant_id, key_id, model, upstream, day, sum.requests, sum.errors, sum.usage, sum.cost});
  }
  return all;
}

} // namespace gateway
