#include "bench/load/answer_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <limits>

namespace gateway::bench {

namespace http = boost::beast::http;

answer_reader::parser::parser() {
  eager(true);
  body_limit(std::numeric_limits<std::uint64_t>::max());
}

void answer_reader::parser::on_field_impl(http::field name, text, text value, error&) {
  if (name == http::field::content_type) stream = value.starts_with("text/event-stream");
}

std::size_t answer_reader::parser::on_body_impl(text body, error&) {
  if (stream) events.feed({body.data(), body.size()});
  return body.size();
}

std::size_t answer_reader::parser::on_chunk_body_impl(std::uint64_t, text body, error& failed) {
  return on_body_impl(body, failed);
}

bool answer_reader::feed(std::string_view bytes) {
  // Nearly always an answer comes in one piece: then it is parsed where it lies.
  const bool whole = unparsed_.empty();
  if (!whole) unparsed_.append(bytes);
  std::string_view left = whole ? bytes : std::string_view(unparsed_);
  boost::beast::error_code failed;
  while (!left.empty() && !failed && !parser_->is_done())
    left.remove_prefix(parser_->put(boost::asio::buffer(left.data(), left.size()), failed));
  if (failed == http::error::need_more) failed = {};
  unparsed_ = std::string(left);
  return !failed;
}

void answer_reader::reset() {
  parser_.emplace();
  unparsed_.clear();
}

} // namespace gateway::bench
