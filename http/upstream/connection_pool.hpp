#pragma once

#include "config/upstream_spec.hpp"
#include "http/upstream/connector.hpp"
#include "http/wire/connection.hpp"
#include "runtime/one_shot.hpp"
#include "runtime/timer_wheel.hpp"
#include "runtime/worker.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace gateway {

class connection_pool;

/// A connection on loan, or the place for one that is being opened. Its end closes it, unless it was given back in
/// good order before.
class lent_connection {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `peer` was opened at `born`; without one this is only the place.
  explicit lent_connection(std::shared_ptr<connection_pool> from, connection_ptr peer = nullptr, time_point born = {})
      : pool_(std::move(from)), peer_(std::move(peer)), born_(born), reused_(peer_ != nullptr) {}
  lent_connection(lent_connection&&) noexcept = default;
  lent_connection& operator=(lent_connection&&) = delete;
  ~lent_connection();

  connection& peer() { return *peer_; }
  /// It served others before, so the provider may have closed it meanwhile.
  bool reused() const { return reused_; }
  /// The exchange on it is over, whole: others may have it.
  void give_back();

 private:
  friend class connection_pool;
  std::shared_ptr<connection_pool> pool_;
  connection_ptr peer_;
  time_point born_;
  bool reused_;
};

/// Keep-alive connections of one worker to one host: the one used last is lent first, at most `most` are open at once,
/// who finds none free waits its turn. Those that the host has closed, that were idle longer than the spec's `idle`, or
/// that are older than its `lifetime` are not lent, and closed within two seconds.
class connection_pool : public std::enable_shared_from_this<connection_pool> {
 public:
  connection_pool(const upstream_spec& spec, worker& here, std::size_t most);

  /// `fresh`: not one that served before. The failure names the phase `connect`.
  task<result<lent_connection>> lend(std::chrono::milliseconds patience, bool fresh);
  void close_idle();

 private:
  friend class lent_connection;
  class turn;
  using time_point = std::chrono::steady_clock::time_point;
  struct idle_connection {
    connection_ptr peer;
    time_point born;
    time_point since;
  };

  bool is_usable(const idle_connection& each, time_point now) const;
  /// The one used last that is still of use; those of no use on the way to it are closed.
  std::optional<idle_connection> take_idle();
  void close_last();
  void take_back(connection_ptr peer, time_point born);
  void closed();
  bool has_room() const;
  void wake_next();
  void sweep();

  connector connector_;
  worker& here_;
  std::size_t most_;
  std::chrono::milliseconds longest_idle_;
  std::chrono::milliseconds longest_life_;
  std::size_t open_ = 0;     ///< Idle, lent, and being opened.
  std::size_t promised_ = 0; ///< To those who were woken and have not come yet.
  std::vector<idle_connection> idle_;
  std::deque<one_shot*> waiting_;
  deadline next_sweep_;
};

} // namespace gateway
