#include "storage/ledger_store.hpp"

#include "storage/grantable.hpp"

#include <algorithm>
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
      auto& owners = granted_[key_of(wish.entry)];
      for (const auto& [name, amount] : owners) before += amount;
      const auto granted = grantable(wish.wanted, wish.limit, before);
      owners[owner] += granted;
      leases.push_back({wish.entry, granted, before + granted});
    }
    return leases;
  }

  result<void> give_back(const std::string& owner, const std::vector<lease_return>& returns, timestamp) override {
    for (const auto& back : returns) {
      auto& amount = granted_[key_of(back.entry)][owner];
      amount -= std::min(amount, back.unspent);
    }
    return {};
  }

  result<void> prune(std::chrono::sys_days day) override {
    granted_.erase(granted_.begin(), granted_.lower_bound({day, {}, {}}));
    return {};
  }

  result<void> check() override { return {}; }

 private:
  using key = std::tuple<std::chrono::sys_days, std::string, limit_kind>;

  static key key_of(const ledger_entry& entry) { return {entry.day, entry.account, entry.kind}; }

  std::map<key, std::map<std::string, std::uint64_t>> granted_;
};

} // namespace

std::unique_ptr<ledger_store> make_memory_ledger_store() { return std::make_unique<memory_ledger_store>(); }

} // namespace gateway
