#pragma once

#include "bench/load/event_counter.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::bench {

/// Reads one HTTP/1.1 answer, whole or chunked, and counts the events of a stream.
class answer_reader {
 public:
  /// Takes bytes of the connection. False when they are no answer.
  bool feed(std::string_view bytes);

  /// Goes on with the connection's next answer.
  void reset();

  bool begun() const { return parser_->got_some(); } ///< Bytes of this answer have come.
  bool complete() const { return parser_->is_done(); }
  bool keep_alive() const { return parser_->keep_alive(); }
  int status() const { return parser_->status; }
  bool stream() const { return parser_->stream; }
  const event_counter& events() const { return parser_->events; }

 private:
  struct parser final : boost::beast::http::basic_parser<false> {
    parser();

    using error = boost::beast::error_code;
    using text = boost::beast::string_view;
    void on_request_impl(boost::beast::http::verb, text, text, int, error&) override {}
    void on_response_impl(int code, text, int, error&) override { status = code; }
    void on_field_impl(boost::beast::http::field name, text, text value, error&) override;
    void on_header_impl(error&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error&) override {}
    std::size_t on_body_impl(text body, error&) override;
    void on_chunk_header_impl(std::uint64_t, text, error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text body, error&) override;
    void on_finish_impl(error&) override {}

    int status = 0;
    bool stream = false;
    event_counter events;
  };

  std::optional<parser> parser_{std::in_place};
  std::string unparsed_;
};

} // namespace gateway::bench
