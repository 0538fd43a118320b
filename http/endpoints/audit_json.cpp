#include "http/endpoints/audit_json.hpp"

#include "domain/time.hpp"

#include <array>
#include <string_view>

namespace gateway {
namespace {

using nlohmann::ordered_json;

struct field {
  const char* name;
  ordered_json (*value)(const audit_row& row);
};

ordered_json text_or_null(const std::string& text) { return text.empty() ? ordered_json() : ordered_json(text); }

ordered_json change_of(const std::string& text) {
  if (text.empty()) return {};
  auto parsed = ordered_json::parse(text, nullptr, false);
  return parsed.is_discarded() ? ordered_json(text) : parsed;
}

constexpr std::array fields{
    field{"sequence", [](const audit_row& row) -> ordered_json { return row.sequence; }},
    field{"id", [](const audit_row& row) -> ordered_json { return row.record.id; }},
    field{"created_at", [](const audit_row& row) -> ordered_json { return to_rfc3339(row.record.created_at); }},
    field{"request_id", [](const audit_row& row) -> ordered_json { return row.record.request_id; }},
    field{"tenant_id", [](const audit_row& row) { return text_or_null(row.record.tenant_id); }},
    field{"key_id", [](const audit_row& row) { return text_or_null(row.record.key_id); }},
    field{"endpoint", [](const audit_row& row) -> ordered_json { return row.record.endpoint; }},
    field{"method", [](const audit_row& row) -> ordered_json { return row.record.method; }},
    field{"model", [](const audit_row& row) { return text_or_null(row.record.model); }},
    field{"upstream", [](const audit_row& row) { return text_or_null(row.record.upstream); }},
    field{"upstream_model", [](const audit_row& row) { return text_or_null(row.record.upstream_model); }},
    field{"status", [](const audit_row& row) -> ordered_json { return row.record.status; }},
    field{"error_code", [](const audit_row& row) { return text_or_null(row.record.error_code); }},
    field{"stream", [](const audit_row& row) -> ordered_json { return row.record.stream; }},
    field{"prompt_tokens", [](const audit_row& row) -> ordered_json { return row.record.usage.prompt_tokens; }},
    field{"completion_tokens", [](const audit_row& row) -> ordered_json { return row.record.usage.completion_tokens; }},
    field{"total_tokens", [](const audit_row& row) -> ordered_json { return row.record.usage.total(); }},
    field{"cached_tokens", [](const audit_row& row) -> ordered_json { return row.record.usage.cached_tokens; }},
    field{"reasoning_tokens", [](const audit_row& row) -> ordered_json { return row.record.usage.reasoning_tokens; }},
    field{"usage_source", [](const audit_row& row) -> ordered_json { return to_string(row.record.source); }},
    field{"cost_usd", [](const audit_row& row) -> ordered_json { return to_dollars(row.record.cost); }},
    field{"counted", [](const audit_row& row) -> ordered_json { return row.record.counted; }},
    field{"latency_ms", [](const audit_row& row) -> ordered_json { return row.record.latency_ms; }},
    field{"ttft_ms",
          [](const audit_row& row) { return row.record.ttft_ms ? ordered_json(*row.record.ttft_ms) : ordered_json(); }},
    field{"attempts", [](const audit_row& row) -> ordered_json { return row.record.attempts; }},
    field{"admin", [](const audit_row& row) { return text_or_null(row.record.admin); }},
    field{"change", [](const audit_row& row) { return change_of(row.record.change); }},
};

std::string text_of(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

void append_cell(std::string& to, const ordered_json& value) {
  if (value.is_null()) return;
  const auto text = value.is_string() ? value.get<std::string>() : text_of(value);
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    to.append(text);
    return;
  }
  to.push_back('"');
  for (const char c : text) to.append(c == '"' ? 2 : 1, c);
  to.push_back('"');
}

} // namespace

ordered_json to_json(const audit_row& row) {
  auto object = ordered_json::object();
  for (const auto& each : fields) object[each.name] = each.value(row);
  return object;
}

void append_json_line(std::string& to, const audit_row& row) { to.append(text_of(to_json(row))).push_back('\n'); }

void append_csv_header(std::string& to) {
  for (const auto& each : fields) to.append(&each == fields.data() ? "" : ",").append(each.name);
  to.append("\r\n");
}

void append_csv_line(std::string& to, const audit_row& row) {
  for (const auto& each : fields) {
    if (&each != fields.data()) to.push_back(',');
    append_cell(to, each.value(row));
  }
  to.append("\r\n");
}

} // namespace gateway
