#pragma once

#include "storage/ledger_store.hpp"

#include <memory>
#include <string>
#include <vector>

namespace gateway::test {

/// A ledger store that can be taken away, and remembers what it was told to forget.
class flaky_ledger_store : public ledger_store {
 public:
  bool is_there = true;
  std::vector<timestamp> pruned;

  result<std::vector<lease>> grant(const std::string& owner, const std::vector<lease_wish>& wishes,
                                   timestamp expires_at) override {
    if (!is_there) return refusal();
    return inner_->grant(owner, wishes, expires_at);
  }
  result<void> give_back(const std::string& owner, const std::vector<lease_return>& returns,
                         timestamp expires_at) override {
    if (!is_there) return refusal();
    return inner_->give_back(owner, returns, expires_at);
  }
  result<void> prune(timestamp ended_by) override {
    if (!is_there) return refusal();
    pruned.push_back(ended_by);
    return inner_->prune(ended_by);
  }
  result<std::vector<owned_grant>> grants_of(const std::string& instance) override {
    if (!is_there) return refusal();
    return inner_->grants_of(instance);
  }
  result<void> correct(const std::vector<owned_grant>& grants) override {
    if (!is_there) return refusal();
    return inner_->correct(grants);
  }
  result<void> check() override {
    if (!is_there) return refusal();
    return inner_->check();
  }

 private:
  static tl::unexpected<failure> refusal() { return tl::unexpected(unavailable("database or disk is full")); }

  std::unique_ptr<ledger_store> inner_ = make_memory_ledger_store();
};

} // namespace gateway::test
