#pragma once

#include "storage/key_store.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace gateway::test {

/// A key store that fails when it is told to, before anything is done.
class flaky_key_store : public key_store {
 public:
  /// Says of each call, numbered from 1, whether it fails.
  std::function<bool(std::size_t)> fails = [](std::size_t) { return false; };
  std::size_t calls = 0;

  result<std::vector<key_record>> all() override {
    if (down()) return refusal();
    return inner_->all();
  }
  result<key_page> list(const key_query& query) override {
    if (down()) return refusal();
    return inner_->list(query);
  }
  result<key_record> find(const std::string& key_id) override {
    if (down()) return refusal();
    return inner_->find(key_id);
  }
  result<void> insert(const key_record& record) override {
    if (down()) return refusal();
    return inner_->insert(record);
  }
  result<void> update(const key_record& record) override {
    if (down()) return refusal();
    return inner_->update(record);
  }
  result<void> erase(const std::string& key_id) override {
    if (down()) return refusal();
    return inner_->erase(key_id);
  }
  result<tenant_table> tenants() override {
    if (down()) return refusal();
    return inner_->tenants();
  }
  result<void> put_tenant(const std::string& tenant_id, const tenant_limits& limits) override {
    if (down()) return refusal();
    return inner_->put_tenant(tenant_id, limits);
  }
  result<void> check() override {
    if (down()) return refusal();
    return inner_->check();
  }

  /// The store beneath, which never fails.
  key_store& inner() { return *inner_; }

 private:
  bool down() { return fails(++calls); }
  static tl::unexpected<failure> refusal() { return tl::unexpected(unavailable("disk I/O error")); }

  std::unique_ptr<key_store> inner_ = make_memory_key_store();
};

} // namespace gateway::test
