#pragma once

#include "domain/api_key.hpp"
#include "domain/error.hpp"
#include "domain/principal.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace gateway {

/// Who holds which key: every secret that opens something, by its digest.
class key_table {
 public:
  key_table() = default;
  explicit key_table(const std::vector<key_record>& keys);

  /// The holder. `invalid_api_key`, always with the same message, when the key is unknown or disabled, has expired,
  /// or was rotated and its grace is over. A key that expires at T is good before T and not at T.
  result<principal_ptr> find(const key_digest& digest, timestamp now) const;

  /// Takes a key as it is now; whatever was known of it before, each of its secrets included, is forgotten.
  void put(const key_record& key);
  /// Forgets a key; one that is not there is no error.
  void erase(const std::string& key_id);

  /// How many secrets open something.
  std::size_t size() const { return by_digest_.size(); }

 private:
  struct entry {
    principal_ptr who;
    timestamp until; ///< The first moment at which it opens nothing.
  };

  std::unordered_map<key_digest, entry, digest_hash> by_digest_;
  std::unordered_map<std::string, std::vector<key_digest>> by_key_id_;
};

} // namespace gateway
