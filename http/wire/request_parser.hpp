#pragma once

#include "domain/error.hpp"
#include "http/wire/request_reader.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace gateway {

/// A request on its way in: read by Beast's rules, and kept by our own.
class request_parser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit request_parser(const request_limits& limits);

  /// Whether the caller wants to be told before it sends the body.
  bool expects_continue() const;
  /// Each look for one is a walk along them, and of those with hardly any bytes there could be thousands. 256 are let
  /// in; with more, or with more bytes than the limit, `put` fails with `header_limit`.
  bool has_too_many_fields() const;
  /// What the body takes: all of it at once, when the header says how long it is.
  std::uint64_t body_size() const;
  /// So much of a body is still to come, and as it is: not in chunks. 0: it takes the parser.
  std::uint64_t plain_rest() const;

  /// What has come of the body. A `plain_rest` may be read into it without the parser.
  std::string& body() { return body_; }
  /// The request, read to the end of its body.
  request take();

 private:
  using error = boost::beast::error_code;
  using text = boost::beast::string_view;
  void on_request_impl(boost::beast::http::verb, text method, text target, int version, error&) override;
  void on_response_impl(int, text, int, error&) override {}
  void on_field_impl(boost::beast::http::field, text name, text value, error&) override;
  void on_header_impl(error& why) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& size, error&) override;
  std::size_t on_body_impl(text piece, error&) override;
  void on_chunk_header_impl(std::uint64_t, text, error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, text piece, error&) override;
  void on_finish_impl(error&) override {}

  std::unique_ptr<request_head> head_ = std::make_unique<request_head>();
  std::string body_;
  std::size_t header_room_;    ///< Bytes that more fields may take.
  int transfer_encodings_ = 0; ///< Fields of that name.
  bool is_http_1_0_ = false;
};

/// What to tell a caller whose bytes it refused.
failure refusal_of(const boost::system::error_code& error, const request_limits& limits);

/// `header` or `body`, whichever it waits for, did not come in time.
failure too_slow(const char* part);

/// Whether there is anything of a request. Empty lines before it are dropped (RFC 9112, section 2.2): some clients send
/// one after a body.
bool has_begun(boost::beast::flat_buffer& buffer);

failure too_many_fields();

} // namespace gateway
