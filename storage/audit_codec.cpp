#include "storage/audit_codec.hpp"

#include "storage/byte_fields.hpp"

#include <cstddef>
#include <cstdint>

namespace gateway {
namespace {

constexpr std::uint8_t record_version = 1;
/// What a mark begins with, where an entry has its phase.
constexpr std::uint8_t mark_byte = 2;
/// Before the record of an entry: phase, tokens and cost.
constexpr std::size_t entry_head = 17;
/// Where a record says whether it has a time to first token: after version, moment, status and source.
constexpr std::size_t streamed_at = 14;

/// Every field once, in its order, for both ways.
template <class Fields, class Record>
void walk_texts(Fields& fields, Record& record) {
  fields.text(record.id);
  fields.text(record.request_id);
  fields.text(record.tenant_id);
  fields.text(record.key_id);
  fields.text(record.endpoint);
  fields.text(record.method);
  fields.text(record.model);
  fields.text(record.upstream);
  fields.text(record.upstream_model);
  fields.text(record.error_code);
  fields.text(record.admin);
  fields.text(record.change);
}

template <class Fields, class Record>
void walk_numbers(Fields& fields, Record& record) {
  fields.number(record.usage.prompt_tokens);
  fields.number(record.usage.completion_tokens);
  fields.number(record.usage.cached_tokens);
  fields.number(record.usage.reasoning_tokens);
  fields.number(record.cost);
  fields.number(record.latency_ms);
  fields.number(record.attempts);
  fields.flag(record.stream);
  fields.flag(record.counted);
}

void read_record(field_reader& fields, audit_record& record) {
  if (fields.choice(record_version) != record_version) fields.refuse();
  std::int64_t moment = 0;
  fields.number(moment);
  record.created_at = timestamp{std::chrono::milliseconds{moment}};
  std::int32_t status = 0;
  fields.number(status);
  record.status = status;
  record.source = static_cast<usage_source>(fields.choice(static_cast<std::uint8_t>(usage_source::estimated)));
  bool streamed = false;
  fields.flag(streamed);
  record.ttft_ms.reset();
  if (streamed) fields.number(record.ttft_ms.emplace());
  walk_numbers(fields, record);
  walk_texts(fields, record);
}

template <class Fields>
void put_record(Fields& fields, const audit_record& record) {
  fields.number(record_version);
  fields.number(std::int64_t{record.created_at.time_since_epoch().count()});
  fields.number(std::int32_t{record.status});
  fields.number(static_cast<std::uint8_t>(record.source));
  fields.flag(record.ttft_ms.has_value());
  if (record.ttft_ms) fields.number(*record.ttft_ms);
  walk_numbers(fields, record);
  walk_texts(fields, record);
}

/// Room for what `put` puts, measured first, at the end of `to`.
template <class Put>
void append(std::string& to, const Put& put) {
  field_meter meter;
  put(meter);
  const auto start = to.size();
  to.resize(start + meter.size());
  field_writer fields(to.data() + start);
  put(fields);
}

// Where the id of a record begins: it is the first text, after the numbers.
std::size_t place_of_id(bool streamed) {
  static const auto size = [] {
    audit_record plain;
    field_meter meter;
    put_record(meter, plain);
    field_meter texts;
    walk_texts(texts, plain);
    return meter.size() - texts.size();
  }();
  return size + (streamed ? sizeof(std::uint32_t) : 0);
}

} // namespace

void encode(const audit_record& record, std::string& to) {
  append(to, [&](auto& fields) { put_record(fields, record); });
}

void encode(const audit_entry& entry, std::string& to) { encode(entry.what, entry.record, entry.held, to); }

void encode(audit_entry::phase what, const audit_record& record, const quota_amount& held, std::string& to) {
  append(to, [&](auto& fields) {
    fields.number(static_cast<std::uint8_t>(what));
    fields.number(held.tokens);
    fields.number(held.cost);
    put_record(fields, record);
  });
}

void encode(const batch_mark& mark, std::string& to) {
  append(to, [&](auto& fields) {
    fields.number(mark_byte);
    fields.number(mark.source);
    fields.number(mark.number);
  });
}

std::optional<audit_entry> decode_entry(std::string_view& from) {
  field_reader fields(from);
  std::optional<audit_entry> entry{std::in_place};
  entry->what = static_cast<audit_entry::phase>(fields.choice(1));
  fields.number(entry->held.tokens);
  fields.number(entry->held.cost);
  read_record(fields, entry->record);
  if (!fields.ok()) return std::nullopt;
  from = fields.rest();
  return entry;
}

bool decode_record(std::string_view from, audit_record& into) {
  field_reader fields(from);
  read_record(fields, into);
  return fields.ok() && fields.rest().empty();
}

std::optional<batch_mark> decode_mark(std::string_view& from) {
  if (from.empty() || static_cast<std::uint8_t>(from.front()) != mark_byte) return std::nullopt;
  field_reader fields(from.substr(1));
  batch_mark mark;
  fields.number(mark.source);
  fields.number(mark.number);
  if (!fields.ok()) return std::nullopt;
  from = fields.rest();
  return mark;
}

entry_view view_entry(std::string_view entry) {
  entry_view found;
  found.what = static_cast<audit_entry::phase>(entry.front());
  found.record = entry.substr(entry_head);
  field_reader fields(found.record.substr(place_of_id(found.record[streamed_at] != 0)));
  std::uint32_t size = 0;
  fields.number(size);
  found.id = fields.take(size);
  return found;
}

} // namespace gateway
