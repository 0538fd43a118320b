#include "domain/quota/hold_table.hpp"

#include <utility>

namespace gateway {

namespace {

constexpr int counter_bits = 40;
constexpr std::size_t first_size = 64; // A power of two, as every later size.

} // namespace

hold_table::hold_table(std::uint32_t epoch) : last_(hold_id{epoch} << counter_bits), slots_(first_size) {}

hold_id hold_table::add(const hold& what) {
  if (size_ * 2 >= slots_.size()) grow();
  // An id whose slot is taken by an older hold is left out; with half of the slots free that is rare enough.
  do ++last_;
  while (slots_[index_of(last_)].id != 0);
  append(last_, what);
  return last_;
}

hold* hold_table::find(hold_id id) {
  auto& found = slots_[index_of(id)];
  return id == 0 || found.id != id ? nullptr : &found.what;
}

std::optional<hold> hold_table::take(hold_id id) {
  if (find(id) == nullptr) return std::nullopt;
  return remove(index_of(id));
}

std::optional<hold> hold_table::take_expired(timestamp now) {
  if (oldest_ == nobody || now < slots_[oldest_].what.deadline) return std::nullopt;
  return remove(oldest_);
}

void hold_table::append(hold_id id, const hold& what) {
  auto at = index_of(id);
  slots_[at] = {id, what, newest_, nobody};
  (newest_ == nobody ? oldest_ : slots_[newest_].newer) = at;
  newest_ = at;
  ++size_;
}

hold hold_table::remove(index at) {
  auto& gone = slots_[at];
  (gone.older == nobody ? oldest_ : slots_[gone.older].newer) = gone.newer;
  (gone.newer == nobody ? newest_ : slots_[gone.newer].older) = gone.older;
  gone.id = 0;
  --size_;
  return gone.what;
}

// Ids that differ modulo the old size differ modulo the new one, so everybody finds a slot.
void hold_table::grow() {
  auto old = std::exchange(slots_, std::vector<slot>(slots_.size() * 2));
  auto at = std::exchange(oldest_, nobody);
  newest_ = nobody;
  size_ = 0;
  for (; at != nobody; at = old[at].newer) append(old[at].id, old[at].what);
}

} // namespace gateway
