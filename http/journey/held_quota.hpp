#pragma once

#include "actors/interfaces.hpp"
#include "domain/error.hpp"
#include "domain/principal.hpp"
#include "http/exchange.hpp"

#include <cstdint>
#include <utility>

namespace gateway {

/// What was taken from a key's limits for one request. Its end settles what was used, or gives all of it back when
/// nothing was: whichever way the request ends, that happens once.
class held_quota {
 public:
  held_quota(quota_actor shard, hold_id id, const quota_amount& held, exchange& talk)
      : shard_(std::move(shard)), id_(id), held_(held), talk_(talk) {}
  held_quota(held_quota&& other) noexcept
      : shard_(std::move(other.shard_)),
        id_(std::exchange(other.id_, 0)),
        held_(other.held_),
        used_(other.used_),
        spent_(other.spent_),
        talk_(other.talk_) {}
  held_quota& operator=(held_quota&&) = delete;
  ~held_quota() { settle(); }

  const quota_amount& amount() const { return held_; }

  /// Takes so much more, or fails with the refusal, and the hold stays as it is.
  task<result<void>> extend(quota_amount more);

  /// An upstream has worked for this request: from here on it counts, with so much as far as is known.
  void spend(const quota_amount& used) {
    used_ = used;
    spent_ = true;
  }

  /// Nothing more will be used. Before the end of an answer goes out: its caller's next request finds the balance
  /// right. The record knows from here on whether it counted.
  void settle();

 private:
  quota_actor shard_;
  hold_id id_;
  quota_amount held_;
  quota_amount used_;
  bool spent_ = false;
  exchange& talk_;
};

/// Asks QUOTA for one request and so much, and announces in `x-ratelimit-*` what is left, also where that is too
/// little. The refusal names the limit (`refusal_of`).
task<result<held_quota>> admit(exchange& talk, principal_ptr who, quota_amount wanted);

} // namespace gateway
