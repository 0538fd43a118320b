#include "http/wire/request_parser.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t most_fields = 256;
/// Behind a body that begins to come with its header: so that it need not move when it is scanned where it is
/// (domain/chat/json_reader).
constexpr std::size_t spare_room = 64;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

} // namespace

request_parser::request_parser(const request_limits& limits) : header_room_(limits.header_bytes) {
  eager(true);
  header_limit(limits.header_bytes);
  body_limit(limits.body_bytes);
}

void request_parser::on_request_impl(http::verb, text method, text target, int version, error&) {
  head_->method = view(method);
  head_->target = view(target);
  is_http_1_0_ = version == 10;
}

void request_parser::on_field_impl(http::field which, text name, text value, error& why) {
  // What comes behind the body is no part of the header (RFC 9110, section 6.5.1).
  if (is_header_done()) return;
  // Beast's own limit is on what has come at once.
  constexpr std::size_t around = 4;
  const auto bytes = name.size() + value.size() + around;
  head_->fields.add(view(name), view(value));
  if (bytes > header_room_ || has_too_many_fields()) why = http::error::header_limit;
  header_room_ -= std::min(bytes, header_room_);
  if (which == http::field::transfer_encoding) ++transfer_encodings_;
}

void request_parser::on_header_impl(error& why) {
  // Where another coding than one `chunked` is, nobody can be sure where the body ends, and the next request begins
  // (RFC 9112, section 6.3); HTTP/1.0 has none.
  if (transfer_encodings_ > 0 && (!chunked() || transfer_encodings_ > 1 || is_http_1_0_))
    why = http::error::bad_transfer_encoding;
}

void request_parser::on_body_init_impl(const boost::optional<std::uint64_t>& size, error&) {
  if (size) body_.reserve(*size + spare_room);
}

std::size_t request_parser::on_body_impl(text piece, error&) {
  body_.append(piece.data(), piece.size());
  return piece.size();
}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, text piece, error& why) {
  return on_body_impl(piece, why);
}

failure refusal_of(const boost::system::error_code& error, const request_limits& limits) {
  if (error == http::error::header_limit)
    return fail(ec::header_too_large,
                "the request header is larger than " + std::to_string(limits.header_bytes) + " bytes")
        .value();
  if (error == http::error::body_limit)
    return fail(ec::request_too_large,
                "the request body is larger than " + std::to_string(limits.body_bytes) + " bytes")
        .value();
  return fail(ec::request_invalid, "this is not a valid HTTP/1.1 request: " + error.message()).value();
}

failure too_slow(const char* part) {
  return fail(ec::request_timeout, std::string("the request ") + part + " did not arrive in time").value();
}

bool has_begun(boost::beast::flat_buffer& buffer) {
  const auto bytes = [&] { return std::string_view(static_cast<const char*>(buffer.data().data()), buffer.size()); };
  while (bytes().starts_with("\r\n")) buffer.consume(2);
  return !bytes().empty() && bytes() != "\r";
}

bool request_parser::expects_continue() const {
  const auto wish = head_->fields.value_of("expect");
  return boost::beast::iequals({wish.data(), wish.size()}, "100-continue");
}

bool request_parser::has_too_many_fields() const { return head_->fields.count() > most_fields; }

failure too_many_fields() {
  return fail(ec::header_too_large, "the request header has more than " + std::to_string(most_fields) + " fields")
      .value();
}

std::uint64_t request_parser::body_size() const {
  const auto told = content_length();
  return told ? *told : body_.size();
}

std::uint64_t request_parser::plain_rest() const {
  const auto left = content_length_remaining();
  return left && !chunked() ? *left : 0;
}

request request_parser::take() {
  request whole(std::move(head_));
  whole.body = std::move(body_);
  whole.keep_alive = keep_alive();
  whole.is_http_1_0 = is_http_1_0_;
  return whole;
}

} // namespace gateway
