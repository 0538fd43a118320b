#pragma once

#include "domain/error.hpp"
#include "domain/fairness/fair_queue.hpp"
#include "domain/fairness/tenant_places.hpp"
#include "runtime/task.hpp"
#include "runtime/timer_wheel.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace gateway {

/// A bounded number of places for calls, and who waits for one: fairly between tenants, weighed by the tokens that
/// their calls may use. While several tenants come, an eighth of the places stays free for those that have no more than
/// an even share in flight, so that they need not wait for the end of a flood's calls.
class place_queue {
 public:
  using time_point = tenant_places::time_point;

  /// One place; its end gives it to who is next. The queue must outlive it.
  class place {
   public:
    place(place&& other) noexcept : from_(std::exchange(other.from_, nullptr)) {}
    place& operator=(place&&) = delete;
    ~place() { give_back(); }
    void give_back() {
      if (from_ != nullptr) std::exchange(from_, nullptr)->free();
    }

   private:
    friend class place_queue;
    explicit place(place_queue& from) : from_(&from) {}
    place_queue* from_;
  };

  /// `most` places, and room for so many `waiting`, of which a tenant gets no more than its share. `crowd`: what the
  /// tenants have in flight; it must outlive the queue.
  place_queue(timer_wheel& wheel, const tenant_places& crowd, std::size_t most, std::size_t waiting)
      : wheel_(wheel), crowd_(crowd), most_(most), most_waiting_(waiting) {}
  place_queue(const place_queue&) = delete;
  place_queue& operator=(const place_queue&) = delete;

  /// A place for this tenant, if it need not wait.
  std::optional<place> take(std::string_view tenant, time_point now);
  /// Waits for it. The failure is ec::overloaded when too many wait or nothing came within `patience`, or
  /// ec::cancelled.
  task<result<place>> wait(std::string_view tenant, std::uint64_t cost, std::chrono::milliseconds patience);

 private:
  class turn;

  std::size_t kept(time_point now) const;
  bool is_small(std::string_view tenant) const;
  bool may_wait(std::string_view tenant) const;
  place give();
  void free();
  void serve(time_point now);

  timer_wheel& wheel_;
  const tenant_places& crowd_;
  std::size_t most_;
  std::size_t most_waiting_;
  std::size_t taken_ = 0;
  fair_queue waiting_{512}; ///< Tokens in a turn: little, so that short calls need not wait for many others.
};

} // namespace gateway
