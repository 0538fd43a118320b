#include "http/upstream/answer_parser.hpp"

#include "domain/retry/retry_after.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace gateway {
namespace {

/// A longer one is believed as it comes.
constexpr std::uint64_t most_believed = 16 * 1024;
/// Behind the body: so that it need not move when it is scanned where it is (domain/chat/json_reader).
constexpr std::size_t spare_room = 64;

struct kept_field {
  std::string_view name;
  std::string answer_parser::*value;
};
constexpr std::array<kept_field, 3> kept{{{"content-type", &answer_parser::content_type},
                                          {"content-encoding", &answer_parser::content_encoding},
                                          {"x-request-id", &answer_parser::request_id}}};

} // namespace

answer_parser::answer_parser() {
  eager(true);
  header_limit(largest_header);
  body_limit(boost::none);
}

bool answer_parser::is_event_stream() const {
  constexpr std::string_view expected = "text/event-stream";
  return is_named(std::string_view(content_type).substr(0, expected.size()), expected);
}

std::chrono::milliseconds answer_parser::retry_after(timestamp now) const {
  rate_limit_headers limits;
  limits.retry_after_ms = refusal.value_of("retry-after-ms");
  limits.retry_after = refusal.value_of("retry-after");
  limits.remaining_requests = refusal.value_of("x-ratelimit-remaining-requests");
  limits.reset_requests = refusal.value_of("x-ratelimit-reset-requests");
  limits.remaining_tokens = refusal.value_of("x-ratelimit-remaining-tokens");
  limits.reset_tokens = refusal.value_of("x-ratelimit-reset-tokens");
  return gateway::retry_after(limits, now).value_or(std::chrono::milliseconds{});
}

bool answer_parser::ends_here() {
  error cut;
  put_eof(cut);
  return !cut && is_done();
}

void answer_parser::on_field_impl(boost::beast::http::field, text name, text value, error&) {
  // What comes behind the body is no part of the header (RFC 9110, section 6.5.1).
  if (is_header_done()) return;
  const std::string_view own_name(name.data(), name.size());
  const std::string_view own_value(value.data(), value.size());
  for (const auto& each : kept)
    if (is_named(own_name, each.name) && (this->*each.value).empty()) this->*each.value = own_value;
  if (status >= 400) refusal.add(own_name, own_value);
}

void answer_parser::on_body_init_impl(const boost::optional<std::uint64_t>& size, error&) {
  if (size) body.reserve(std::min(*size, most_believed) + spare_room);
}

std::size_t answer_parser::on_body_impl(text piece, error&) {
  body.append(piece.data(), piece.size());
  return piece.size();
}

std::size_t answer_parser::on_chunk_body_impl(std::uint64_t, text piece, error& why) {
  return on_body_impl(piece, why);
}

} // namespace gateway
