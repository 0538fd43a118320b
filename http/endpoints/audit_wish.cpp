#include "http/endpoints/audit_wish.hpp"

#include "http/endpoints/query.hpp"

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

constexpr std::uint64_t default_page = 100;

audit_format read_format(query_fields& fields) {
  const auto word = fields.text("format").value_or("json");
  if (word == "jsonl") return audit_format::jsonl;
  if (word == "csv") return audit_format::csv;
  if (word != "json") fields.complain("format", "must be json, jsonl or csv");
  return audit_format::json;
}

} // namespace

result<audit_wish> read_audit_wish(const request& asked) {
  query_fields fields(asked);
  audit_wish wish;
  auto& query = wish.query;
  wish.format = read_format(fields);
  query.tenant_id = fields.text("tenant_id").value_or("");
  if (query.tenant_id.empty()) fields.complain("tenant_id", "required");
  query.from = fields.moment("from");
  query.to = fields.moment("to");
  query.key_id = fields.text("key_id");
  query.model = fields.text("model");
  query.request_id = fields.text("request_id");
  // Requests that the end of the gateway interrupted have no status.
  if (const auto status = fields.number("status", 0, 599)) {
    if (*status > 0 && *status < 100) fields.complain("status", "must be 100 to 599, or 0 for what was interrupted");
    query.status = static_cast<int>(*status);
  }
  query.before = fields.number("cursor", 1, INT64_MAX);
  if (wish.format == audit_format::json)
    wish.limit = fields.number("limit", 1, largest_audit_page).value_or(default_page);
  else
    wish.limit = fields.number("limit", 1, INT64_MAX).value_or(UINT64_MAX);
  query.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(wish.limit, largest_audit_page));
  if (auto why = fields.finish()) return tl::unexpected(std::move(*why));
  return wish;
}

} // namespace gateway
