#pragma once

#include "config/upstream_spec.hpp"
#include "http/upstream/connector.hpp"
#include "http/upstream/place_queue.hpp"
#include "http/wire/connection.hpp"
#include "runtime/timer_wheel.hpp"
#include "runtime/worker.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

class connection_pool;

/// For whom a connection is.
struct lend_wish {
  std::string_view tenant;
  std::uint64_t cost = 0;                        ///< Tokens that the call may use: its weight, where it has to wait.
  bool fresh = false;                            ///< Not one that served before.
  std::chrono::steady_clock::time_point until{}; ///< When there is no use in it any more.
};

/// A connection on loan. Its end closes it, unless it was given back in good order before.
class lent_connection {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `peer` was opened at `born`.
  lent_connection(std::shared_ptr<connection_pool> from, place_queue::place place, connection_ptr peer, time_point born,
                  bool reused)
      : pool_(std::move(from)), place_(std::move(place)), peer_(std::move(peer)), born_(born), reused_(reused) {}
  lent_connection(lent_connection&&) noexcept = default;
  lent_connection& operator=(lent_connection&&) = delete;
  ~lent_connection() = default;

  connection& peer() { return *peer_; }
  /// It served others before, so the provider may have closed it meanwhile.
  bool reused() const { return reused_; }
  /// The exchange on it is over, whole: others may have it.
  void give_back();

 private:
  // In this order: the connection ends before its place is free, and both before the pool.
  std::shared_ptr<connection_pool> pool_;
  place_queue::place place_;
  connection_ptr peer_;
  time_point born_;
  bool reused_;
};

/// Keep-alive connections of one worker to one host: the one used last is lent first, at most `most` are open at once,
/// who finds none free waits its turn (`place_queue`), for the spec's `queue_for`. Those that the host has closed, that
/// were idle longer than the spec's `idle`, or that are older than its `lifetime` are not lent, and closed within two
/// seconds.
class connection_pool : public std::enable_shared_from_this<connection_pool> {
 public:
  /// `waiting` may wait for one. `crowd` is what the tenants have in flight; it must outlive the pool.
  connection_pool(const upstream_spec& spec, worker& here, const tenant_places& crowd, std::size_t most,
                  std::size_t waiting);

  /// One that is here, with a place that is free; nothing: it takes a while.
  std::optional<lent_connection> lend_now(const lend_wish& wish);
  /// The failure is ec::overloaded when there was none in time, or that of the connector.
  task<result<lent_connection>> lend(lend_wish wish);
  void close_idle();

 private:
  friend class lent_connection;
  using time_point = std::chrono::steady_clock::time_point;
  struct idle_connection {
    connection_ptr peer;
    time_point born;
    time_point since;
  };

  bool is_usable(const idle_connection& each, time_point now) const;
  /// The one used last that is still of use; those of no use on the way to it are closed.
  std::optional<idle_connection> take_idle(time_point now);
  void close_last();
  void take_back(connection_ptr peer, time_point born);
  void sweep();

  connector connector_;
  std::chrono::milliseconds longest_wait_;
  std::chrono::milliseconds longest_connect_;
  std::chrono::milliseconds longest_idle_;
  std::chrono::milliseconds longest_life_;
  place_queue places_;
  std::vector<idle_connection> idle_; ///< With those that are lent or being opened never more than there are places.
  deadline next_sweep_;
};

} // namespace gateway
