#include "http/wire/request_parser.hpp"

#include "http/wire/fields.hpp"

#include <boost/beast/core/string.hpp>

#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

namespace http = boost::beast::http;

constexpr std::ptrdiff_t most_fields = 256;

} // namespace

void begin_request(request_parser& reading, const request_limits& limits) {
  reading.eager(true);
  reading.header_limit(limits.header_bytes);
  reading.body_limit(limits.body_bytes);
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

bool expects_continue(const request_parser& reading) {
  return boost::beast::iequals(reading.get()[http::field::expect], "100-continue");
}

bool has_too_many_fields(const request_parser& reading) {
  const auto& fields = reading.get();
  return std::distance(fields.begin(), fields.end()) > most_fields;
}

failure too_many_fields() {
  return fail(ec::header_too_large, "the request header has more than " + std::to_string(most_fields) + " fields")
      .value();
}

std::uint64_t body_size(const request_parser& reading) {
  const auto told = reading.content_length();
  return told ? *told : reading.get().body().size();
}

std::uint64_t plain_rest(const request_parser& reading) {
  const auto left = reading.content_length_remaining();
  return left && !reading.chunked() ? *left : 0;
}

request take_request(request_parser& reading) {
  auto message = reading.release();
  // Asked before the header's fields, which say it, go elsewhere.
  const bool keep_alive = message.keep_alive();
  const bool is_http_1_0 = message.version() == 10;
  auto head = std::make_unique<request::fields>();
  head->head = std::move(message.base());
  request whole(std::move(head));
  whole.body = std::move(message.body());
  whole.keep_alive = keep_alive;
  whole.is_http_1_0 = is_http_1_0;
  return whole;
}

} // namespace gateway
