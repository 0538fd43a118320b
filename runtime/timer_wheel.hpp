#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace gateway {

class deadline;
class wake_queue;
using timer_hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// One coarse clock for all deadlines of a worker: setting, moving and clearing one is a list operation,
/// not a system call. It ticks only while a deadline is set. (Varghese and Lauck, "Hashed and hierarchical
/// timing wheels", 1987: scheme 6.)
class timer_wheel {
 public:
  static constexpr std::chrono::milliseconds tick{50};

  explicit timer_wheel(boost::asio::io_context& io) : io_(io) {}

  boost::asio::io_context& io() const { return io_; }
  /// Those who wait on it for more than the time.
  wake_queue& wakes();

  /// Ends the ticking for good, so that the io_context may go first; deadlines may still be cleared after it.
  void stop();

 private:
  friend class deadline;
  using bucket = boost::intrusive::list<deadline, boost::intrusive::base_hook<timer_hook>,
                                        boost::intrusive::constant_time_size<false>>;
  using clock = std::chrono::steady_clock;

  static std::uint64_t ticks_at(clock::time_point moment);
  void insert(deadline& item, std::chrono::milliseconds from_now);
  void start(std::uint64_t seen);
  void on_tick();

  std::array<bucket, 1024> slots_;
  std::size_t set_ = 0;
  bool running_ = false;
  std::uint64_t seen_ = 0; ///< The last tick whose bucket was looked at.
  boost::asio::io_context& io_;
  std::optional<boost::asio::steady_timer> timer_;
  bool stopped_ = false;
  wake_queue* wakes_ = nullptr; ///< Once somebody has asked: the wheel may be there before its io_context.
};

/// Calls back once, at the time set or up to two ticks later, unless cleared, moved or destroyed before.
/// Belongs to the wheel's worker; the callback runs on it, and may destroy or set the deadline.
class deadline : public timer_hook {
 public:
  deadline(timer_wheel& wheel, std::function<void()> on_expiry) : wheel_(wheel), on_expiry_(std::move(on_expiry)) {}
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;
  ~deadline() { clear(); }

  /// Sets it, or moves it when it is set already.
  void set(std::chrono::milliseconds from_now);
  void clear();
  bool is_set() const { return is_linked(); }

 private:
  friend class timer_wheel;

  timer_wheel& wheel_;
  std::function<void()> on_expiry_;
  std::uint64_t due_ = 0; ///< In ticks.
};

} // namespace gateway
