#include "domain/quota/leased_limit.hpp"

#include <algorithm>
#include <chrono>

namespace gateway {

namespace {

using namespace std::chrono_literals;

// How long the ledger's word on an exhausted limit is taken for the present state.
constexpr auto word_holds = 1s;
// A slice that lasted less is doubled, one that lasted more is halved.
constexpr auto slice_too_small = 2s;
constexpr auto slice_too_large = 20s;
// The first slice, in requests like the one at hand.
constexpr std::uint64_t first_slice = 8;
// A crash forfeits a slice, so no slice is more than this part of what is left.
constexpr std::uint64_t parts = 8;

std::uint64_t at_least_zero(std::uint64_t minuend, std::uint64_t subtrahend) {
  return minuend > subtrahend ? minuend - subtrahend : 0;
}

bool fits(std::uint64_t taken, std::uint64_t need, std::uint64_t limit) {
  return taken <= limit && need <= limit - taken;
}

} // namespace

leased_limit::verdict leased_limit::check(std::uint64_t need, timestamp now) const {
  if (!loaded_) return verdict::short_of_lease;
  if (fits(prior_ + mine(), need, limit_)) return fits(mine(), need, leased_) ? verdict::fits : verdict::short_of_lease;
  auto others_in_the_way = prior_ > 0 && fits(mine(), need, limit_);
  return others_in_the_way && now - asked_at_ >= word_holds ? verdict::short_of_lease : verdict::refused;
}

std::uint64_t leased_limit::wish(std::uint64_t need, timestamp now) {
  auto lasted = now - asked_at_;
  asked_at_ = now;
  // Refused whatever the ledger says: it is only asked how much is used.
  if (!fits(mine(), need, limit_)) return 0;
  auto most = at_least_zero(limit_, prior_ + leased_) / parts;
  if (slice_ == 0)
    slice_ = std::min(need, most) * first_slice;
  else if (lasted < slice_too_small)
    slice_ *= 2;
  else if (lasted > slice_too_large)
    slice_ /= 2;
  slice_ = std::min(slice_, most);
  return std::max(at_least_zero(mine() + need, leased_), slice_);
}

void leased_limit::absorb(std::uint64_t granted, std::uint64_t granted_in_all) {
  leased_ += granted;
  prior_ = at_least_zero(granted_in_all, leased_);
  loaded_ = true;
  pay();
}

void leased_limit::release(std::uint64_t amount) {
  held_ -= amount;
  pay();
}

std::uint64_t leased_limit::settle(std::uint64_t held, std::uint64_t spent) {
  auto owed_before = owed_;
  held_ -= held;
  used_ += std::min(spent, held);
  owed_ += std::min(at_least_zero(spent, held), at_least_zero(limit_, prior_ + mine()));
  pay();
  return at_least_zero(owed_, owed_before);
}

std::uint64_t leased_limit::take_unspent() {
  auto unspent = leased_ - used_ - held_;
  leased_ -= unspent;
  return unspent;
}

void leased_limit::pay() {
  auto paid = std::min(owed_, leased_ - used_ - held_);
  used_ += paid;
  owed_ -= paid;
}

} // namespace gateway
