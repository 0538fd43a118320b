#pragma once

#include "runtime/task.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>

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
  /// The same with a callback, which is called once, never before this returns; also when the connection is closed or
  /// destroyed before. `into` must live until then. Not while a `read_some` is under way.
  virtual void read_ahead(asio::mutable_buffer into, std::function<void(io_result)> done) = 0;
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
