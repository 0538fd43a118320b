#pragma once

#include "runtime/task.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace gateway {

/// How a read or a write ended.
struct io_result {
  boost::system::error_code error;
  std::size_t bytes = 0;
};

/// A byte stream to a peer, whatever carries it. One read and one write may be under way at a time.
class connection {
 public:
  virtual ~connection() = default;

  /// At least one byte, or an error; `asio::error::eof` when the peer has said all.
  virtual task<io_result> read_some(asio::mutable_buffer into) = 0;
  /// What is there already; nothing: there is nothing yet.
  virtual std::optional<io_result> read_now(asio::mutable_buffer into) = 0;
  /// Calls back, once, when `read_now` may have something, or the connection is closed; never before this returns. Not
  /// while a `read_some` is under way.
  virtual void when_readable(std::function<void()> call) = 0;
  /// Nobody is called any more.
  virtual void stop_watching() = 0;
  /// Whether the peer has ended an idle connection, or said something nobody asked for: it is of no further use.
  virtual bool is_stale() = 0;
  /// As much as the peer takes at once, in one gathered write; `parts` are then what is left. The default takes
  /// nothing.
  virtual boost::system::error_code write_now(std::span<asio::const_buffer> /*parts*/) { return {}; }
  /// All of it, in one gathered write where the peer takes it.
  virtual task<io_result> write(std::span<const asio::const_buffer> parts) = 0;
  /// Says that nothing more will come from here; what comes from there can still be read.
  virtual void finish_writing() = 0;
  /// Ends the read or write that is under way with an error; the connection stays usable.
  virtual void cancel() = 0;
  /// Ends the connection at once; what is under way ends with an error.
  virtual void close() = 0;
  virtual bool is_open() const = 0;
};

using connection_ptr = std::unique_ptr<connection>;

} // namespace gateway
