#include "actors/key_admin.hpp"

#include "domain/api_key.hpp"
#include "domain/keys/key_rotation.hpp"

#include <iterator>
#include <utility>

namespace gateway {
namespace {

constexpr std::uint32_t keys_at_once = 1000;

key_secret keep_of(const secret& key) { return {digest_of(key.reveal()), hint_of(key.reveal()), std::nullopt}; }

} // namespace

result<key_admin::shared_limits*> key_admin::tenants() {
  if (tenants_) return &*tenants_;
  auto stored = store_->tenants();
  if (!stored) return tl::unexpected(std::move(stored.error()));
  tenants_.emplace();
  for (auto& [tenant_id, limits] : *stored)
    tenants_->emplace(tenant_id, std::make_shared<const tenant_limits>(std::move(limits)));
  return &*tenants_;
}

result<void> key_admin::add_limits(key_record& to) {
  const auto known = tenants();
  if (!known) return tl::unexpected(known.error());
  const auto found = (*known)->find(to.who.tenant_id);
  to.who.tenant = found == (*known)->end() ? nullptr : found->second;
  return {};
}

result<void> key_admin::add_limits(std::vector<key_record>& to) {
  for (auto& each : to)
    if (auto added = add_limits(each); !added) return added;
  return {};
}

result<issued_key> key_admin::create(const new_key& wanted, timestamp now) {
  issued_key issued{mint_api_key(), {}, std::nullopt};
  auto& record = issued.record;
  apply(wanted.rest, record, now);
  record.who.key_id = wanted.key_id ? *wanted.key_id : mint_uuid();
  record.who.tenant_id = wanted.tenant_id;
  record.who.quota = wanted.quota;
  record.created_at = now;
  record.secrets = {keep_of(issued.key)};
  if (auto added = add_limits(record); !added) return tl::unexpected(std::move(added.error()));
  if (auto stored = store_->insert(record); !stored) return tl::unexpected(std::move(stored.error()));
  return issued;
}

result<changed_key> key_admin::update(const std::string& key_id, const key_changes& changes, timestamp now) {
  auto before = find(key_id);
  if (!before) return tl::unexpected(std::move(before.error()));
  changed_key changed{*before, std::move(*before)};
  apply(changes, changed.now, now);
  if (auto stored = store_->update(changed.now); !stored) return tl::unexpected(std::move(stored.error()));
  return changed;
}

result<key_record> key_admin::erase(const std::string& key_id) {
  auto before = find(key_id);
  if (!before) return before;
  if (auto erased = store_->erase(key_id); !erased) return tl::unexpected(std::move(erased.error()));
  return before;
}

result<issued_key> key_admin::rotate(const std::string& key_id, std::chrono::seconds grace, timestamp now) {
  auto before = find(key_id);
  if (!before) return tl::unexpected(std::move(before.error()));
  issued_key issued{mint_api_key(), *before, std::move(*before)};
  gateway::rotate(issued.record, keep_of(issued.key), grace, now);
  if (auto stored = store_->update(issued.record); !stored) return tl::unexpected(std::move(stored.error()));
  return issued;
}

result<std::vector<key_record>> key_admin::all() {
  auto keys = store_->all();
  if (!keys) return keys;
  if (auto added = add_limits(*keys); !added) return tl::unexpected(std::move(added.error()));
  return keys;
}

result<key_record> key_admin::find(const std::string& key_id) {
  auto record = store_->find(key_id);
  if (!record) return record;
  if (auto added = add_limits(*record); !added) return tl::unexpected(std::move(added.error()));
  return record;
}

result<key_page> key_admin::list(const key_query& query) {
  auto page = store_->list(query);
  if (!page) return page;
  if (auto added = add_limits(page->keys); !added) return tl::unexpected(std::move(added.error()));
  return page;
}

result<std::optional<tenant_limits>> key_admin::limits_of(const std::string& tenant_id) {
  const auto known = tenants();
  if (!known) return tl::unexpected(known.error());
  const auto found = (*known)->find(tenant_id);
  if (found == (*known)->end()) return std::nullopt;
  return *found->second;
}

result<std::vector<key_record>> key_admin::keys_of(const std::string& tenant_id) {
  std::vector<key_record> keys;
  key_query query{tenant_id, {}, keys_at_once};
  while (true) {
    auto page = store_->list(query);
    if (!page) return tl::unexpected(std::move(page.error()));
    keys.insert(keys.end(), std::make_move_iterator(page->keys.begin()), std::make_move_iterator(page->keys.end()));
    if (!page->next) return keys;
    query.after = std::move(*page->next);
  }
}

result<key_admin::tenant_change> key_admin::set_limits(const std::string& tenant_id, const tenant_limits& limits) {
  auto before = limits_of(tenant_id);
  if (!before) return tl::unexpected(std::move(before.error()));
  // Before the commit: once it is made nothing may be left that can fail.
  auto keys = keys_of(tenant_id);
  if (!keys) return tl::unexpected(std::move(keys.error()));
  if (auto stored = store_->put_tenant(tenant_id, limits); !stored) return tl::unexpected(std::move(stored.error()));
  const auto shared = std::make_shared<const tenant_limits>(limits);
  tenants_->insert_or_assign(tenant_id, shared);
  for (auto& each : *keys) each.who.tenant = shared;
  return tenant_change{{std::move(*before), limits}, std::move(*keys)};
}

} // namespace gateway
