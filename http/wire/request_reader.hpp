#pragma once

#include "domain/error.hpp"
#include "http/wire/connection.hpp"
#include "http/wire/request.hpp"
#include "runtime/byte_account.hpp"
#include "runtime/timer_wheel.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace gateway {

/// What one request may take, in bytes and in time.
struct request_limits {
  std::uint32_t header_bytes = 16384;
  std::uint64_t body_bytes = 33554432;
  std::chrono::milliseconds idle{75000};   ///< Until a request begins on an open connection.
  std::chrono::milliseconds header{10000}; ///< From a request's first byte to the end of its header.
  std::chrono::milliseconds body{60000};   ///< From there to the end of its body.
  byte_account* room = nullptr;            ///< What bodies take is counted here. Null: it is not counted.
};

/// Reads one request after another from a connection.
class request_reader {
 public:
  request_reader(connection& peer, timer_wheel& wheel, const request_limits& limits);
  request_reader(const request_reader&) = delete;
  request_reader& operator=(const request_reader&) = delete;
  ~request_reader();

  /// The next request; nothing when the peer left, or was idle too long, between two; a failure when what came is
  /// not a request that can be taken: then the connection is of no further use. A body for which there is no room is
  /// refused before it is read, or, when it does not say how long it is, as soon as there is none.
  task<result<std::optional<request>>> next();

  /// While a request is being answered: `gone` is called, once, when the caller ends the connection or its half of it.
  /// What it sends meanwhile is kept for `next`, up to 64 KiB; a caller who sends more is not watched any further.
  void watch(std::function<void()> gone);
  void stop_watching();

  /// Between two requests: closing the connection harms nobody.
  bool is_idle() const { return idle_; }

  /// Reads and drops what the peer still sends, for a moment, so that it sees the answer before the end.
  task<void> drop_rest();

 private:
  /// Reads so many bytes more straight into a body.
  task<boost::system::error_code> read_body(std::string& body, std::uint64_t left);
  boost::system::error_code outcome(const boost::system::error_code& error) const;
  bool may_read_ahead();
  void look_ahead();
  void on_readable();

  connection& peer_;
  const request_limits& limits_;
  boost::beast::flat_buffer buffer_;
  bool idle_ = true;
  bool timed_out_ = false;
  deadline deadline_;
  std::function<void()> gone_; ///< Set while the caller is watched.
  byte_claim ahead_;           ///< For what came ahead.
};

} // namespace gateway
