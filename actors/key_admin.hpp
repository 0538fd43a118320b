#pragma once

#include "actors/messages.hpp"
#include "domain/error.hpp"
#include "domain/time.hpp"
#include "storage/key_store.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace gateway {

/// What an operator does with keys. Each change is durable when it returns, or was not made; failures are the store's.
class key_admin {
 public:
  explicit key_admin(std::shared_ptr<key_store> store) : store_(std::move(store)) {}

  /// Makes a key; `conflict` when the key_id is taken.
  result<issued_key> create(const new_key& wanted, timestamp now);
  /// `not_found`.
  result<key_record> update(const std::string& key_id, const key_changes& changes, timestamp now);
  /// `not_found`.
  result<void> erase(const std::string& key_id);
  /// A new secret; the older ones work until the grace ends; `not_found`.
  result<issued_key> rotate(const std::string& key_id, std::chrono::seconds grace, timestamp now);

  key_store& store() { return *store_; }

 private:
  std::shared_ptr<key_store> store_;
};

} // namespace gateway
