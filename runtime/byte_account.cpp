#include "runtime/byte_account.hpp"

namespace gateway {
namespace {

constexpr std::uint64_t largest_step = 1024 * 1024;

} // namespace

bool byte_pool::take(std::uint64_t bytes, std::uint64_t spare) {
  auto left = left_.load(std::memory_order_relaxed);
  do {
    if (left < spare || left - spare < bytes) return false;
  } while (!left_.compare_exchange_weak(left, left - bytes, std::memory_order_relaxed));
  return true;
}

byte_account::byte_account(std::shared_ptr<byte_pool> pool, std::uint64_t most, std::uint64_t largest,
                           std::size_t workers)
    : pool_(std::move(pool)) {
  const auto beyond = most - std::min(most, largest);
  spare_ = std::min(most / 4, beyond);
  // All stocks together must not be what the largest request lacks.
  step_ = std::min(largest_step, (beyond - spare_) / (2 * std::max<std::size_t>(workers, 1)));
}

byte_account::~byte_account() {
  if (pool_) pool_->give_back(drawn_);
}

bool byte_account::take_more(std::uint64_t bytes, bytes_for whom) {
  const bool leaves_some = whom == bytes_for::request && bytes > small_request;
  const auto spare = leaves_some ? spare_ : 0;
  const auto missing = bytes - stock_;
  if (!draw(missing + step_, spare) && !draw(missing, spare)) return false;
  stock_ -= bytes;
  return true;
}

bool byte_account::draw(std::uint64_t bytes, std::uint64_t spare) {
  if (pool_ && !pool_->take(bytes, spare)) return false;
  stock_ += bytes;
  drawn_ += bytes;
  return true;
}

failure no_room() {
  return overloaded("the gateway holds as many bytes of requests and answers as it may; try again in a moment");
}

void byte_account::return_stock() {
  const auto surplus = stock_ - step_;
  stock_ -= surplus;
  drawn_ -= surplus;
  if (pool_) pool_->give_back(surplus);
}

} // namespace gateway
