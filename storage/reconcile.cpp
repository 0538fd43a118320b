#include "storage/reconcile.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

namespace gateway {

namespace {

// A record bears the moment when its request began, and that is counted when it is admitted.
constexpr std::chrono::minutes longest_arrival{5};

struct entry_use {
  std::vector<owned_grant> grants;
  std::uint64_t used = 0;        ///< At most.
  std::uint64_t certain = 0;     ///< By what began in it.
  std::uint64_t interrupted = 0; ///< The part of that which recoveries charged.

  const ledger_entry& entry() const { return grants.front().entry; }
  timestamp begins() const { return entry().begins - longest_arrival; }
  void count(const audit_record& record) {
    if (record.created_at < begins() || record.created_at >= entry().ends) return;
    used += amount_of(record);
    if (record.created_at < entry().begins) return;
    certain += amount_of(record);
    if (record.error_code == to_string(ec::interrupted)) interrupted += amount_of(record);
  }
  std::uint64_t amount_of(const audit_record& record) const {
    switch (entry().kind) {
      case limit_kind::daily_requests: return 1;
      case limit_kind::daily_tokens: return record.usage.total();
      default: return record.cost;
    }
  }
};

using account_uses = std::map<std::pair<limit_scope, std::string>, std::vector<entry_use>>;

account_uses uses_of(std::vector<owned_grant> grants, timestamp complete_from) {
  account_uses uses;
  for (auto& grant : grants) {
    if (grant.entry.begins < complete_from) continue;
    auto& entries = uses[{grant.entry.scope, grant.entry.account}];
    const auto same = [&](const entry_use& use) {
      return use.entry().kind == grant.entry.kind && use.entry().day == grant.entry.day;
    };
    auto found = std::find_if(entries.begin(), entries.end(), same);
    if (found == entries.end()) found = entries.insert(entries.end(), entry_use{});
    found->grants.push_back(std::move(grant));
  }
  return uses;
}

void count(account_uses& uses, limit_scope scope, const std::string& account, const audit_record& record) {
  const auto found = uses.find({scope, account});
  if (found == uses.end()) return;
  for (auto& use : found->second) use.count(record);
}

// Those grants that are more than was used, with what is left of them.
std::vector<owned_grant> lowered_grants(const account_uses& uses, reconciled& back) {
  std::vector<owned_grant> lowered;
  for (const auto& [account, entries] : uses)
    for (const auto& use : entries) {
      auto rest = use.used;
      for (auto grant : use.grants) {
        const auto kept = std::min(grant.amount, rest);
        rest -= kept;
        if (kept == grant.amount) continue;
        back[static_cast<std::size_t>(grant.entry.kind)] += grant.amount - kept;
        grant.amount = kept;
        lowered.push_back(std::move(grant));
      }
    }
  return lowered;
}

// Those grants that do not cover what recoveries have charged, even with those of everybody else.
result<std::vector<owned_grant>> raised_grants(const account_uses& uses, ledger_store& ledger) {
  std::vector<owned_grant> raised;
  for (const auto& [account, entries] : uses)
    for (const auto& use : entries) {
      if (use.interrupted == 0) continue;
      auto first = use.grants.front();
      const auto probe = ledger.grant(first.owner, {{first.entry, 0, 0}}, timestamp{});
      if (!probe) return tl::unexpected(probe.error());
      const auto granted = probe->empty() ? 0 : probe->front().granted_in_all;
      if (use.certain <= granted) continue;
      first.amount += std::min(use.certain - granted, use.interrupted);
      raised.push_back(std::move(first));
    }
  return raised;
}

} // namespace

result<reconciled> reconcile(audit_store& audit, ledger_store& ledger, const std::string& instance,
                             timestamp complete_from) {
  reconciled back{};
  auto grants = ledger.grants_of(instance);
  if (!grants) return tl::unexpected(std::move(grants.error()));
  auto uses = uses_of(std::move(*grants), complete_from);
  if (uses.empty()) return back;
  auto from = timestamp::max();
  for (const auto& [account, entries] : uses)
    for (const auto& use : entries) from = std::min(from, use.begins());
  auto visited = audit.visit_counted(from, [&](const audit_record& record) {
    if (!record.counted) return;
    count(uses, limit_scope::key, record.key_id, record);
    count(uses, limit_scope::tenant, record.tenant_id, record);
  });
  if (!visited) return tl::unexpected(std::move(visited.error()));
  auto corrected = raised_grants(uses, ledger);
  if (!corrected) return tl::unexpected(std::move(corrected.error()));
  // Nobody's is both.
  for (auto& each : lowered_grants(uses, back)) corrected->push_back(std::move(each));
  if (auto done = ledger.correct(*corrected); !done) return tl::unexpected(std::move(done.error()));
  return back;
}

} // namespace gateway
