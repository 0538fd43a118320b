#pragma once

#include "domain/time.hpp"
#include "http/wire/header_lines.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace gateway {

/// A provider's answer on its way in: read by Beast's rules; kept is only what somebody asks for.
class answer_parser final : public boost::beast::http::basic_parser<false> {
 public:
  /// Of a header, and of a line in a body that comes in pieces.
  static constexpr std::uint32_t largest_header = 64 * 1024;

  answer_parser();

  bool is_event_stream() const;
  /// How long it asks to wait; 0: it does not.
  std::chrono::milliseconds retry_after(timestamp now) const;
  /// The connection has ended: without a length that is the end of the body. Whether it is.
  bool ends_here();

  /// Only something in between: the answer is still to come (RFC 9110, section 15.2).
  bool is_interim() const { return status / 100 == 1 && status != 101; }

  int status = 0;
  std::string content_type;
  std::string content_encoding;
  std::string request_id; ///< Its `x-request-id`.
  header_lines refusal;   ///< All of its header, where the status is 400 or more.
  std::string body;       ///< What has come of it, and was not taken away.

 private:
  using error = boost::beast::error_code;
  using text = boost::beast::string_view;
  void on_request_impl(boost::beast::http::verb, text, text, int, error&) override {}
  void on_response_impl(int code, text, int, error&) override { status = code; }
  void on_field_impl(boost::beast::http::field, text name, text value, error&) override;
  void on_header_impl(error&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& size, error&) override;
  std::size_t on_body_impl(text piece, error&) override;
  void on_chunk_header_impl(std::uint64_t, text, error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, text piece, error&) override;
  void on_finish_impl(error&) override {}
};

} // namespace gateway
