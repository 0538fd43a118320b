#include "http/endpoints/query.hpp"

#include <charconv>

namespace gateway {
namespace {

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      encoded.push_back(c);
    else
      encoded.append({'%', hex[byte >> 4U], hex[byte & 15U]});
  }
  return encoded;
}

} // namespace

std::optional<std::string> query_fields::text(std::string_view name) {
  auto value = query_parameter(query_, name);
  return value && value->empty() ? std::nullopt : std::move(value);
}

std::optional<std::uint64_t> query_fields::number(std::string_view name, std::uint64_t least, std::uint64_t most) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  std::uint64_t parsed = 0;
  const auto* end = value->data() + value->size();
  const auto [stop, error] = std::from_chars(value->data(), end, parsed);
  if (error == std::errc() && stop == end && parsed >= least && parsed <= most) return parsed;
  complain(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<timestamp> query_fields::moment(std::string_view name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto parsed = from_rfc3339(*value);
  if (!parsed) complain(name, "must be a moment such as 2026-01-31T00:00:00Z");
  return parsed;
}

void query_fields::complain(std::string_view name, std::string what) {
  complaints_.emplace_back(name, std::move(what));
}

std::optional<failure> query_fields::finish() const {
  if (complaints_.empty()) return std::nullopt;
  const auto& [name, what] = complaints_.front();
  failure why;
  why.code = ec::request_invalid;
  why.message = what == "required" ? name + " is required" : name + ": " + what;
  why.param = name;
  why.details = complaints_;
  return why;
}

std::string next_link(const request& asked, std::string_view cursor) {
  std::string target(asked.path());
  target += "?cursor=" + percent_encoded(cursor);
  for (auto rest = asked.query(); !rest.empty();) {
    const auto pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    if (!pair.empty() && !pair.starts_with("cursor=")) target.append("&").append(pair);
  }
  return "<" + target + ">; rel=\"next\"";
}

} // namespace gateway
