#include "domain/principal.hpp"

#include <algorithm>

namespace gateway {

namespace {

bool allows(std::string_view entry, std::string_view model) {
  if (entry.ends_with('*')) return model.starts_with(entry.substr(0, entry.size() - 1));
  return entry == model;
}

template <class Change, class Field>
void assign(const Change& change, Field& field) {
  if (change) field = *change;
}

} // namespace

bool may_use(const principal& who, std::string_view model) {
  return who.models.empty() ||
         std::ranges::any_of(who.models, [&](const std::string& entry) { return allows(entry, model); });
}

void apply(const key_changes& changes, key_record& record, timestamp now) {
  assign(changes.name, record.name);
  assign(changes.active, record.active);
  assign(changes.metadata, record.metadata);
  assign(changes.daily_requests, record.who.quota.requests);
  assign(changes.daily_tokens, record.who.quota.tokens);
  assign(changes.expires_at, record.who.expires_at);
  assign(changes.models, record.who.models);
  assign(changes.requests_per_minute, record.who.limits.requests_per_minute);
  assign(changes.tokens_per_minute, record.who.limits.tokens_per_minute);
  assign(changes.concurrent_requests, record.who.limits.concurrent_requests);
  assign(changes.budget_per_day, record.who.limits.budget_per_day);
  assign(changes.budget_per_month, record.who.limits.budget_per_month);
  assign(changes.time_zone, record.who.time_zone);
  record.updated_at = now;
}

} // namespace gateway
