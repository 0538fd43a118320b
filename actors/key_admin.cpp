#include "actors/key_admin.hpp"

#include "domain/api_key.hpp"
#include "domain/keys/key_rotation.hpp"

#include <utility>

namespace gateway {
namespace {

key_secret keep_of(const secret& key) { return {digest_of(key.reveal()), hint_of(key.reveal()), std::nullopt}; }

} // namespace

result<issued_key> key_admin::create(const new_key& wanted, timestamp now) {
  issued_key issued{mint_api_key(), {}};
  auto& record = issued.record;
  apply(wanted.rest, record, now);
  record.who.key_id = wanted.key_id ? *wanted.key_id : mint_uuid();
  record.who.tenant_id = wanted.tenant_id;
  record.who.quota = wanted.quota;
  record.created_at = now;
  record.secrets = {keep_of(issued.key)};
  if (auto stored = store_->insert(record); !stored) return tl::unexpected(std::move(stored.error()));
  return issued;
}

result<key_record> key_admin::update(const std::string& key_id, const key_changes& changes, timestamp now) {
  auto record = store_->find(key_id);
  if (!record) return record;
  apply(changes, *record, now);
  if (auto stored = store_->update(*record); !stored) return tl::unexpected(std::move(stored.error()));
  return record;
}

result<void> key_admin::erase(const std::string& key_id) { return store_->erase(key_id); }

result<issued_key> key_admin::rotate(const std::string& key_id, std::chrono::seconds grace, timestamp now) {
  auto record = store_->find(key_id);
  if (!record) return tl::unexpected(std::move(record.error()));
  auto key = mint_api_key();
  gateway::rotate(*record, keep_of(key), grace, now);
  if (auto stored = store_->update(*record); !stored) return tl::unexpected(std::move(stored.error()));
  return issued_key{std::move(key), std::move(*record)};
}

} // namespace gateway
