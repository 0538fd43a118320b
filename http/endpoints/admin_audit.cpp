#include "http/endpoints/admin_audit.hpp"

#include "http/endpoints/query.hpp"
#include "runtime/ask.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

ordered_json or_null(const std::string& text) { return text.empty() ? ordered_json() : ordered_json(text); }

ordered_json to_json(const audit_row& row) {
  const auto& record = row.record;
  return {
      {"sequence", row.sequence},
      {"id", record.id},
      {"created_at", to_rfc3339(record.created_at)},
      {"request_id", record.request_id},
      {"tenant_id", or_null(record.tenant_id)},
      {"key_id", or_null(record.key_id)},
      {"endpoint", record.endpoint},
      {"method", record.method},
      {"model", or_null(record.model)},
      {"upstream", or_null(record.upstream)},
      {"upstream_model", or_null(record.upstream_model)},
      {"status", record.status},
      {"error_code", or_null(record.error_code)},
      {"stream", record.stream},
      {"prompt_tokens", record.usage.prompt_tokens},
      {"completion_tokens", record.usage.completion_tokens},
      {"total_tokens", record.usage.total()},
      {"usage_source", to_string(record.source)},
      {"latency_ms", record.latency_ms},
      {"ttft_ms", record.ttft_ms ? ordered_json(*record.ttft_ms) : ordered_json()},
      {"attempts", record.attempts},
  };
}

result<audit_query> query_of(const request& asked) {
  query_fields fields(asked);
  audit_query query;
  query.tenant_id = fields.text("tenant_id").value_or("");
  if (query.tenant_id.empty()) fields.complain("tenant_id", "required");
  query.from = fields.moment("from");
  query.to = fields.moment("to");
  query.key_id = fields.text("key_id");
  query.model = fields.text("model");
  query.request_id = fields.text("request_id");
  if (const auto status = fields.number("status", 100, 599)) query.status = static_cast<int>(*status);
  query.before = fields.number("cursor", 1, INT64_MAX);
  query.limit = static_cast<std::uint32_t>(fields.number("limit", 1, 1000).value_or(100));
  if (auto why = fields.finish()) return tl::unexpected(std::move(*why));
  return query;
}

} // namespace

task<void> list_audit(exchange& talk) {
  auto query = query_of(talk.asked);
  if (!query) co_return co_await talk.refuse(std::move(query.error()));
  // What this worker has recorded so far is to be seen, also by whoever looks right after a request.
  co_await talk.house.outbox.flush(std::chrono::milliseconds(2000));
  auto seen = co_await ask(talk.house.people->audit, commit_atom::value);
  if (!seen) co_return co_await talk.refuse(std::move(seen.error()));
  auto page = co_await ask(talk.house.people->audit_reader, query_atom::value, std::move(*query));
  if (!page) co_return co_await talk.refuse(std::move(page.error()));
  auto list = ordered_json::array();
  for (const auto& row : page->rows) list.push_back(to_json(row));
  if (page->next) talk.reply.add_header("Link", next_link(talk.asked, std::to_string(*page->next)));
  co_await talk.reply.send(200, "application/json", list.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

} // namespace gateway
