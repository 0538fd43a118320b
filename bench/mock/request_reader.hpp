#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::bench {

/// What has been read of a connection.
enum class reading : std::uint8_t {
  incomplete,
  completion, ///< A request for a whole answer.
  stream,     ///< A request for a stream.
  refused,    ///< Not a `POST .../chat/completions` with a `Content-Length`.
};

/// Finds the requests in the bytes of one connection. It reads no JSON: `"stream":true` (or with a blank) counts when
/// it is in the first or the last 4 KiB of a body, so that large bodies cost no search.
class request_reader {
 public:
  void feed(std::string_view bytes) { buffer_.append(bytes); }

  /// Takes the next whole request off.
  reading next();

 private:
  bool read_head();

  std::string buffer_;
  std::size_t head_ = 0; ///< Bytes of the head, its blank line included; 0: not there yet.
  std::size_t body_ = 0;
};

} // namespace gateway::bench
