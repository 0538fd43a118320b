#pragma once

#include "domain/error.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace gateway {

/// The bytes that all workers together may hold. What a worker took it lends on from its own `byte_account`, so that
/// this, the one thing that they share, is rarely touched.
class byte_pool {
 public:
  explicit byte_pool(std::uint64_t most) : left_(most) {}

  /// All of it or none; only when at least `spare` is left after it.
  bool take(std::uint64_t bytes, std::uint64_t spare);
  void give_back(std::uint64_t bytes) { left_.fetch_add(bytes, std::memory_order_relaxed); }
  std::uint64_t left() const { return left_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> left_;
};

/// Who asks for bytes. Requests that are not small leave some of them to the others.
enum class bytes_for : std::uint8_t { request, answer };

/// What one worker holds in memory for its callers and upstreams. It keeps a little in stock, from which the common
/// small body is served with one comparison. Not shared between threads.
class byte_account {
 public:
  /// A request up to this size may also have what is kept for answers.
  static constexpr std::uint64_t small_request = 64 * 1024;

  /// Nothing is ever refused.
  byte_account() = default;
  /// Of what the pool has: `largest` is the largest request there may be, which always fits into an empty gateway.
  byte_account(std::shared_ptr<byte_pool> pool, std::uint64_t most, std::uint64_t largest, std::size_t workers);
  byte_account(const byte_account&) = delete;
  byte_account& operator=(const byte_account&) = delete;
  ~byte_account();

  bool take(std::uint64_t bytes, bytes_for whom) {
    if (bytes > stock_) return take_more(bytes, whom);
    stock_ -= bytes;
    return true;
  }
  void give_back(std::uint64_t bytes) {
    stock_ += bytes;
    if (stock_ > 2 * step_) return_stock();
  }

  /// How many bytes are held now.
  std::uint64_t held() const { return drawn_ - stock_; }

 private:
  bool take_more(std::uint64_t bytes, bytes_for whom);
  bool draw(std::uint64_t bytes, std::uint64_t spare);
  void return_stock();

  std::shared_ptr<byte_pool> pool_;
  std::uint64_t spare_ = 0; ///< What requests leave in the pool.
  std::uint64_t step_ = 0;  ///< By which the stock is filled.
  std::uint64_t stock_ = 0;
  std::uint64_t drawn_ = 0; ///< From the pool: the stock, and what is held.
};

/// Bytes that one request or one answer holds. Its end gives them back.
class byte_claim {
 public:
  /// Holds nothing, and refuses nothing.
  byte_claim() = default;
  byte_claim(byte_account* of, bytes_for whom) : of_(of), whom_(whom) {}
  byte_claim(byte_claim&& from) noexcept : of_(from.of_), whom_(from.whom_), bytes_(std::exchange(from.bytes_, 0)) {}
  byte_claim& operator=(byte_claim&& from) noexcept {
    std::swap(of_, from.of_);
    std::swap(whom_, from.whom_);
    std::swap(bytes_, from.bytes_);
    return *this;
  }
  ~byte_claim() { shrink_to(0); }

  /// Holds at least so many from now on; false, and as before, when there are not as many left.
  bool cover(std::uint64_t bytes) {
    if (bytes <= bytes_) return true;
    if (of_ && !of_->take(bytes - bytes_, whom_)) return false;
    bytes_ = bytes;
    return true;
  }
  void shrink_to(std::uint64_t bytes) {
    if (bytes >= bytes_) return;
    if (of_) of_->give_back(bytes_ - bytes);
    bytes_ = bytes;
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  byte_account* of_ = nullptr;
  bytes_for whom_ = bytes_for::request;
  std::uint64_t bytes_ = 0;
};

/// Why a body or an answer is not taken: there is nothing left of `limits.buffered_bytes`.
failure no_room();

} // namespace gateway
