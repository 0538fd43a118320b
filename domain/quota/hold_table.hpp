#pragma once

#include "domain/quota/quota_decision.hpp"
#include "domain/quota/quota_shares.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace gateway {

/// What a request holds, of which accounts, until when.
struct hold {
  quota_shares shares; ///< The key's and the tenant's.
  quota_amount amount;
  std::uint64_t last_tokens = 0; ///< Those of `amount` that were taken last.
  timestamp deadline{};          ///< In steady time.
};

/// The holds of a shard by their ids, and in the order they were made. Every call takes constant time, a call of `add`
/// that grows the table aside; memory is in proportion to the most holds there ever were at once.
class hold_table {
 public:
  /// The low 24 bits of `epoch` become the high bits of every id; a counter from 1 is the rest.
  explicit hold_table(std::uint32_t epoch);

  hold_id add(const hold& what);
  /// The hold of this id, until the next call of something else; null when there is none.
  hold* find(hold_id id);
  /// Takes a hold out; nothing when the id is not of a live one.
  std::optional<hold> take(hold_id id);
  /// Takes the oldest hold out if its deadline has come.
  std::optional<hold> take_expired(timestamp now);

  std::size_t size() const { return size_; }

 private:
  using index = std::uint32_t;
  static constexpr index nobody = ~index{0};

  struct slot {
    hold_id id = 0;
    hold what;
    index older = nobody;
    index newer = nobody;
  };

  index index_of(hold_id id) const { return static_cast<index>(id & (slots_.size() - 1)); }
  void append(hold_id id, const hold& what);
  hold remove(index at);
  void grow();

  hold_id last_;
  std::vector<slot> slots_;
  std::size_t size_ = 0;
  index oldest_ = nobody;
  index newest_ = nobody;
};

} // namespace gateway
