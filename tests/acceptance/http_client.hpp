#pragma once

#include "tests/acceptance/loopback.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// The first value of that name, in any case of letters; empty when there is none.
std::string find_header(const header_list& headers, std::string_view name);
std::size_t count_headers(const header_list& headers, std::string_view name);

struct http_response {
  int status = 0;
  std::string status_line;
  header_list headers; ///< As they came, in order.
  std::string body;    ///< Decoded, when it came in chunks.

  std::string header(std::string_view name) const { return find_header(headers, name); }
  bool has(std::string_view name) const { return count_headers(headers, name) > 0; }
  nlohmann::json json() const { return nlohmann::json::parse(body); }
};

/// A request as it goes over the wire; Host and, with a body, Content-Length and Content-Type are added when missing.
std::string request_text(std::string_view method, std::string_view target, header_list headers = {},
                         std::string_view body = {});

/// A caller on one connection, which speaks HTTP/1.1 as exactly as the test wants it. Throws std::runtime_error when
/// what comes back is not a whole answer, or does not come in time.
class http_client {
 public:
  explicit http_client(std::uint16_t port) : socket_(loopback_socket::connect_to(port)) {}

  /// Whether the gateway still took it.
  bool send(std::string_view bytes) { return socket_.send(bytes); }
  http_response call(std::string_view method, std::string_view target, header_list headers = {},
                     std::string_view body = {});

  /// The next answer, whole. `to_head`: it answers a HEAD request, so no body follows.
  http_response read_response(bool to_head = false);
  /// Only the next answer's status and headers: then `read_event` reads its body.
  http_response read_head();
  /// The next server-sent event of a streamed answer, without the blank line behind it; nothing at the body's end.
  std::optional<std::string> read_event();
  /// Whether the body that was read last came to its proper end: the last chunk, or all of its length.
  bool body_is_whole() const { return whole_; }

  /// Waits for the gateway to close the connection; whether it says nothing more before.
  bool is_closed();
  void finish_writing() { socket_.finish_writing(); }
  void close() { socket_.close(); }
  void reset() { socket_.reset(); }

 private:
  enum class framing { none, length, chunks, connection };
  std::string read_line();
  bool fill();
  /// Some more of the body, decoded; empty at its end.
  std::string read_piece();

  loopback_socket socket_;
  std::string buffer_; ///< Received and not yet read.
  std::string events_; ///< The streamed body, as far as it was not yet handed out.
  framing framing_ = framing::none;
  std::size_t left_ = 0; ///< Of the body, or of the chunk.
  bool whole_ = true;
};

} // namespace gateway
