#include "http/wire/status.hpp"

#include <boost/beast/http/status.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>

namespace gateway {
namespace {

struct row {
  ec code;
  status_entry entry;
};

constexpr std::array table{
    row{ec::none, {200, "platform", false}},
    row{ec::request_invalid, {400, "platform", false}},
    row{ec::missing_api_key, {401, "platform", false}},
    row{ec::invalid_api_key, {401, "platform", false}},
    row{ec::forbidden, {403, "platform", false}},
    row{ec::not_found, {404, "platform", false}},
    row{ec::method_not_allowed, {405, "platform", false}},
    row{ec::request_timeout, {408, "platform", true}},
    row{ec::conflict, {409, "platform", false}},
    row{ec::request_too_large, {413, "platform", false}},
    row{ec::header_too_large, {431, "platform", false}},
    row{ec::rate_limited, {429, "platform", true}},
    row{ec::quota_exceeded, {429, "platform", false}},
    row{ec::internal_error, {500, "platform", true}},
    row{ec::overloaded, {503, "platform", true}},
    row{ec::dependency_unavailable, {503, "platform", true}},
    row{ec::upstream_rejected, {400, "upstream", false}},
    row{ec::upstream_rate_limited, {429, "upstream", true}},
    row{ec::upstream_timeout, {504, "upstream", true}},
    row{ec::upstream_unavailable, {502, "upstream", true}},
    row{ec::cancelled, {499, "platform", false}},   // Nobody is there to see it; nginx's number, for the record.
    row{ec::interrupted, {503, "platform", false}}, // Nobody is there to see it either.
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].code) != i) return false;
  return true;
}
static_assert(in_order(), "the table is indexed by code");

nlohmann::ordered_json details_of(const failure& why) {
  auto details = nlohmann::ordered_json::object();
  for (const auto& [name, text] : why.details) details[name] = text;
  if (!why.upstream_error.empty()) {
    auto parsed = nlohmann::ordered_json::parse(why.upstream_error, nullptr, false);
    details["upstream"] = parsed.is_discarded() ? nlohmann::ordered_json(why.upstream_error) : std::move(parsed);
  }
  return details;
}

} // namespace

const status_entry& status_of(ec code) { return table[static_cast<std::size_t>(code)].entry; }

int http_status(const failure& why) {
  const bool passed_on = why.code == ec::upstream_rejected && why.upstream_status >= 400 && why.upstream_status < 500;
  return passed_on ? why.upstream_status : status_of(why.code).status;
}

std::string_view reason_phrase(int status) {
  const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
  const auto text = boost::beast::http::obsolete_reason(known);
  return known == boost::beast::http::status::unknown ? "Error" : std::string_view(text.data(), text.size());
}

std::string error_body(const failure& why, std::string_view request_id) {
  const nlohmann::ordered_json error{
      {"code", to_string(why.code)},
      {"message", why.message},
      {"type", status_of(why.code).type},
      {"param", why.param.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(why.param)},
      {"retry_after", std::chrono::ceil<std::chrono::seconds>(why.retry_after).count()},
      {"details", details_of(why)},
      {"request_id", request_id},
  };
  // What a caller sent may be quoted in a message, and need not be UTF-8.
  return nlohmann::ordered_json{{"error", error}}.dump(-1, ' ', false,
                                                       nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace gateway
