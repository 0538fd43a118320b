#include "storage/key_store.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace gateway {

namespace {

class memory_key_store final : public key_store {
 public:
  result<std::vector<key_record>> all() override {
    std::vector<key_record> records;
    for (const auto& [key_id, record] : keys_) records.push_back(record);
    return records;
  }

  result<key_page> list(const key_query& query) override {
    const std::size_t limit = std::max(query.limit, 1U);
    key_page page;
    for (auto next = keys_.upper_bound(query.after); next != keys_.end() && !page.next; ++next) {
      const auto& record = next->second;
      if (query.tenant_id && record.who.tenant_id != *query.tenant_id) continue;
      if (page.keys.size() == limit) {
        page.next = page.keys.back().who.key_id;
      } else {
        page.keys.push_back(record);
      }
    }
    return page;
  }

  result<key_record> find(const std::string& key_id) override {
    const auto found = keys_.find(key_id);
    if (found == keys_.end()) return no_such_key();
    return found->second;
  }

  result<void> insert(const key_record& record) override {
    if (keys_.contains(record.who.key_id)) {
      return fail(ec::conflict, "there is a key with this key_id already", "key_id");
    }
    return put(record);
  }

  result<void> update(const key_record& record) override {
    if (!keys_.contains(record.who.key_id)) return no_such_key();
    return put(record);
  }

  result<void> erase(const std::string& key_id) override {
    if (keys_.erase(key_id) == 0) return no_such_key();
    return {};
  }

  result<tenant_table> tenants() override { return tenants_; }

  result<void> put_tenant(const std::string& tenant_id, const tenant_limits& limits) override {
    tenants_.insert_or_assign(tenant_id, limits);
    return {};
  }

  result<void> check() override { return {}; }

 private:
  static tl::unexpected<failure> no_such_key() { return fail(ec::not_found, "there is no key with this key_id"); }

  result<void> put(const key_record& record) {
    std::set<key_digest> taken;
    for (const auto& [key_id, other] : keys_) {
      if (key_id == record.who.key_id) continue;
      for (const auto& secret : other.secrets) taken.insert(secret.digest);
    }
    for (const auto& secret : record.secrets) {
      if (!taken.insert(secret.digest).second) {
        return fail(ec::conflict, "A secret of this key opens a key already.");
      }
    }
    keys_.insert_or_assign(record.who.key_id, record);
    return {};
  }

  std::map<std::string, key_record> keys_;
  tenant_table tenants_;
};

} // namespace

std::unique_ptr<key_store> make_memory_key_store() { return std::make_unique<memory_key_store>(); }

} // namespace gateway
