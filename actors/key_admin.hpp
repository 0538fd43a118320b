#pragma once

#include "actors/messages.hpp"
#include "domain/error.hpp"
#include "domain/time.hpp"
#include "storage/key_store.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// What an operator does with keys and tenants. Each change is durable when it returns, or was not made; failures are
/// the store's. Every key that it hands out has its tenant's limits: one shared value for all keys of a tenant.
class key_admin {
 public:
  explicit key_admin(std::shared_ptr<key_store> store) : store_(std::move(store)) {}

  /// Makes a key; `conflict` when the key_id is taken.
  result<issued_key> create(const new_key& wanted, timestamp now);
  /// `not_found`.
  result<changed_key> update(const std::string& key_id, const key_changes& changes, timestamp now);
  /// The key that is gone; `not_found`.
  result<key_record> erase(const std::string& key_id);
  /// A new secret; the older ones work until the grace ends; `not_found`.
  result<issued_key> rotate(const std::string& key_id, std::chrono::seconds grace, timestamp now);

  result<std::vector<key_record>> all();
  /// `not_found`.
  result<key_record> find(const std::string& key_id);
  result<key_page> list(const key_query& query);

  /// Nothing when the tenant was never given any.
  result<std::optional<tenant_limits>> limits_of(const std::string& tenant_id);
  /// The change, and every key that it concerns, as it is now.
  struct tenant_change {
    changed_tenant limits;
    std::vector<key_record> keys;
  };
  result<tenant_change> set_limits(const std::string& tenant_id, const tenant_limits& limits);

  /// Whether the store answers.
  result<void> check() { return store_->check(); }

 private:
  using shared_limits = std::map<std::string, tenant_limits_ptr>;
  /// Read when it is first needed; from then on what is stored and this are the same.
  result<shared_limits*> tenants();
  result<void> add_limits(key_record& to);
  result<void> add_limits(std::vector<key_record>& to);
  result<std::vector<key_record>> keys_of(const std::string& tenant_id);

  std::shared_ptr<key_store> store_;
  std::optional<shared_limits> tenants_;
};

} // namespace gateway
