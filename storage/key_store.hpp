#pragma once

#include "domain/error.hpp"
#include "domain/principal.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// Which keys to list: in the order of key_id, after the cursor.
struct key_query {
  std::optional<std::string> tenant_id;
  std::string after; ///< The last key_id of the page before; empty: from the start.
  std::uint32_t limit = 100;
};

/// One page of keys, and the cursor of the next when there is more.
struct key_page {
  std::vector<key_record> keys;
  std::optional<std::string> next;
};

/// The limits of tenants, by tenant_id.
using tenant_table = std::map<std::string, tenant_limits>;

/// Keeps the keys, and the limits of tenants. Every call is whole or not at all, and durable when it returns.
/// Failures of the medium are `dependency_unavailable`.
class key_store {
 public:
  virtual ~key_store() = default;

  virtual result<std::vector<key_record>> all() = 0;
  virtual result<key_page> list(const key_query& query) = 0;
  /// `not_found` when there is no such key.
  virtual result<key_record> find(const std::string& key_id) = 0;
  /// `conflict` when the key_id is taken.
  virtual result<void> insert(const key_record& record) = 0;
  /// Replaces the whole record; `not_found` when there is no such key.
  virtual result<void> update(const key_record& record) = 0;
  /// `not_found` when there is no such key.
  virtual result<void> erase(const std::string& key_id) = 0;
  /// Every tenant that was given limits, also such as limit nothing.
  virtual result<tenant_table> tenants() = 0;
  /// Replaces the limits of a tenant; whether it has keys is nothing to them.
  virtual result<void> put_tenant(const std::string& tenant_id, const tenant_limits& limits) = 0;
  /// Whether the medium answers.
  virtual result<void> check() = 0;
};

/// In SQLite, in WAL mode with synchronous=FULL: a key that was shown to an operator is never lost.
result<std::unique_ptr<key_store>> open_sqlite_key_store(const std::string& file);

/// The twin for tests: the same promises, in memory.
std::unique_ptr<key_store> make_memory_key_store();

} // namespace gateway
