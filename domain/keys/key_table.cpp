#include "domain/keys/key_table.hpp"

#include <algorithm>
#include <memory>

namespace gateway {

key_table::key_table(const std::vector<key_record>& keys) {
  by_digest_.reserve(keys.size());
  by_key_id_.reserve(keys.size());
  for (const auto& key : keys) put(key);
}

result<principal_ptr> key_table::find(const key_digest& digest, timestamp now) const {
  auto found = by_digest_.find(digest);
  if (found == by_digest_.end() || now >= found->second.until)
    return fail(ec::invalid_api_key, "this API key is not valid (unknown, disabled or expired): ask for a new one");
  return found->second.who;
}

void key_table::put(const key_record& key) {
  erase(key.who.key_id);
  if (!key.active) return;
  // A principal of this table's own: one shared between workers would have them fight for its count of references.
  auto who = std::make_shared<const principal>(key.who);
  auto& digests = by_key_id_[key.who.key_id];
  for (const auto& secret : key.secrets) {
    auto until = std::min(secret.valid_until.value_or(timestamp::max()), key.who.expires_at.value_or(timestamp::max()));
    by_digest_.insert_or_assign(secret.digest, entry{who, until});
    digests.push_back(secret.digest);
  }
}

void key_table::erase(const std::string& key_id) {
  auto known = by_key_id_.find(key_id);
  if (known == by_key_id_.end()) return;
  for (const auto& digest : known->second) by_digest_.erase(digest);
  by_key_id_.erase(known);
}

} // namespace gateway
