#include "storage/ledger_store.hpp"

#include "storage/grantable.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace gateway {

namespace {

class memory_ledger_store final : public ledger_store {
 public:
  result<std::vector<lease>> grant(const std::string& owner, const std::vector<lease_wish>& wishes,
                                   timestamp) override {
    std::vector<lease> leases;
    for (const auto& wish : wishes) {
      std::uint64_t before = 0;
      if (const auto found = granted_.find(key_of(wish.entry)); found != granted_.end())
        for (const auto& [name, grant] : found->second) before += grant.amount;
      if (wish.entry.ends <= forgotten_[static_cast<std::size_t>(wish.entry.kind)])
        before = std::max(before, wish.limit);
      const auto granted = grantable(wish.wanted, wish.limit, before);
      if (granted > 0) add(owner, wish.entry, granted);
      leases.push_back({wish.entry, granted, before + granted});
    }
    return leases;
  }

  result<void> give_back(const std::string& owner, const std::vector<lease_return>& returns, timestamp) override {
    for (const auto& back : returns)
      if (auto* has = find(owner, back.entry)) has->amount -= std::min(has->amount, back.unspent);
    return {};
  }

  result<void> prune(timestamp ended_by) override {
    for (auto& [entry, owners] : granted_)
      std::erase_if(owners, [&](const auto& each) {
        const auto& grant = each.second;
        if (grant.entry.ends > ended_by) return false;
        auto& forgotten = forgotten_[static_cast<std::size_t>(grant.entry.kind)];
        forgotten = std::max(forgotten, grant.entry.ends);
        return true;
      });
    std::erase_if(granted_, [](const auto& each) { return each.second.empty(); });
    return {};
  }

  result<std::vector<owned_grant>> grants_of(const std::string& instance) override {
    std::vector<owned_grant> all;
    for (const auto& [entry, owners] : granted_)
      for (const auto& [owner, grant] : owners)
        if (owner.rfind(instance + "/", 0) == 0) all.push_back(grant);
    return all;
  }

  result<void> correct(const std::vector<owned_grant>& grants) override {
    for (const auto& grant : grants)
      if (auto* has = find(grant.owner, grant.entry)) has->amount = grant.amount;
    return {};
  }

  result<void> check() override { return {}; }

 private:
  // The kind by its name, which is how the other twin orders it.
  using key = std::tuple<std::chrono::sys_days, std::string_view, std::string, std::string_view>;

  static key key_of(const ledger_entry& entry) {
    return {entry.day, to_string(entry.scope), entry.account, to_string(entry.kind)};
  }

  void add(const std::string& owner, const ledger_entry& entry, std::uint64_t amount) {
    auto& grant = granted_[key_of(entry)].try_emplace(owner, owned_grant{owner, entry, 0}).first->second;
    grant.entry.begins = std::min(grant.entry.begins, entry.begins);
    grant.entry.ends = std::max(grant.entry.ends, entry.ends);
    grant.amount += amount;
  }

  owned_grant* find(const std::string& owner, const ledger_entry& entry) {
    const auto found = granted_.find(key_of(entry));
    if (found == granted_.end()) return nullptr;
    const auto has = found->second.find(owner);
    return has == found->second.end() ? nullptr : &has->second;
  }

  std::map<key, std::map<std::string, owned_grant>> granted_;
  std::array<timestamp, limit_kinds> forgotten_{};
};

} // namespace

std::unique_ptr<ledger_store> make_memory_ledger_store() { return std::make_unique<memory_ledger_store>(); }

} // namespace gateway
