#include "storage/audit_codec.hpp"

#include "storage/audit_codec_v1.hpp"
#include "storage/audit_texts.hpp"
#include "storage/byte_fields.hpp"

#include <cstddef>
#include <cstdint>

namespace gateway {
namespace {

constexpr std::uint8_t record_version = 2;
/// What begins what a journal holds: 0 and 1 are the phases of an entry that held something.
constexpr std::uint8_t mark_byte = 2;
constexpr std::uint8_t settled_byte = 3; ///< A settled entry that holds nothing, as nearly all do.
/// Before the record of an entry: phase, tokens and cost.
constexpr std::size_t entry_head = 17;

/// The byte of the second version with whatever needs a bit or two.
struct record_flags {
  static constexpr unsigned stream = 1;
  static constexpr unsigned counted = 2;
  static constexpr unsigned ttft = 4;
  static constexpr unsigned source_shift = 3;
};

std::uint8_t flags_of(const audit_record& record) {
  return static_cast<std::uint8_t>(
      (record.stream ? record_flags::stream : 0U) | (record.counted ? record_flags::counted : 0U) |
      (record.ttft_ms ? record_flags::ttft : 0U) | static_cast<unsigned>(record.source) << record_flags::source_shift);
}

constexpr std::uint64_t most_of_32_bits = ~std::uint32_t{0};

void read_second_version(field_reader& fields, audit_record& record) {
  record.id = fields.short_text();
  constexpr auto most = static_cast<unsigned>(usage_source::estimated) << record_flags::source_shift | 7U;
  const unsigned flags = fields.choice(most);
  record.stream = (flags & record_flags::stream) != 0;
  record.counted = (flags & record_flags::counted) != 0;
  record.source = static_cast<usage_source>(flags >> record_flags::source_shift);
  record.created_at = timestamp{std::chrono::milliseconds{from_zigzag(fields.varint())}};
  record.status = static_cast<int>(from_zigzag(fields.varint(most_of_32_bits)));
  record.ttft_ms.reset();
  const auto small = [&] { return static_cast<std::uint32_t>(fields.varint(most_of_32_bits)); };
  if ((flags & record_flags::ttft) != 0) record.ttft_ms = small();
  for (auto* number : {&record.usage.prompt_tokens, &record.usage.completion_tokens, &record.usage.cached_tokens,
                       &record.usage.reasoning_tokens, &record.cost})
    *number = fields.varint();
  record.latency_ms = small();
  record.attempts = small();
  each_text(record, [&](std::string& text) { text = fields.short_text(); });
}

void put_record(field_writer& fields, const audit_record& record) {
  fields.number(record_version);
  fields.short_text(record.id);
  fields.number(flags_of(record));
  fields.varint(zigzag(record.created_at.time_since_epoch().count()));
  fields.varint(zigzag(record.status));
  if (record.ttft_ms) fields.varint(*record.ttft_ms);
  for (const std::uint64_t number :
       {record.usage.prompt_tokens, record.usage.completion_tokens, record.usage.cached_tokens,
        record.usage.reasoning_tokens, record.cost, std::uint64_t{record.latency_ms}, std::uint64_t{record.attempts}})
    fields.varint(number);
  each_text(record, [&](const std::string& text) { fields.short_text(text); });
}

/// More bytes than a record takes.
std::size_t room_for(const audit_record& record) {
  constexpr std::size_t varints = 22; // Of ten numbers and twelve lengths.
  std::size_t room = 2 + varints * varint_size + record.id.size();
  each_text(record, [&](const std::string& text) { room += text.size(); });
  return room;
}

void read_record(field_reader& fields, audit_record& record) {
  switch (fields.choice(record_version)) {
    case first_record_version: return read_first_version(fields, record);
    case record_version: return read_second_version(fields, record);
    default: fields.refuse();
  }
}

} // namespace

void encode(const audit_record& record, std::string& to) {
  append_fields(to, room_for(record), [&](field_writer& fields) { put_record(fields, record); });
}

void encode(const audit_entry& entry, std::string& to) { encode(entry.what, entry.record, entry.held, to); }

void encode(audit_entry::phase what, const audit_record& record, const quota_amount& held, std::string& to) {
  append_fields(to, entry_head + room_for(record), [&](field_writer& fields) {
    if (what == audit_entry::phase::settled && held == quota_amount{}) {
      fields.number(settled_byte);
    } else {
      fields.number(static_cast<std::uint8_t>(what));
      fields.number(held.tokens);
      fields.number(held.cost);
    }
    put_record(fields, record);
  });
}

void encode(const batch_mark& mark, std::string& to) {
  constexpr std::size_t room = 1 + 2 * sizeof(std::uint64_t);
  append_fields(to, room, [&](field_writer& fields) {
    fields.number(mark_byte);
    fields.number(mark.source);
    fields.number(mark.number);
  });
}

std::optional<audit_entry> decode_entry(std::string_view& from) {
  field_reader fields(from);
  std::optional<audit_entry> entry{std::in_place};
  if (const auto begin = fields.choice(settled_byte); begin != settled_byte) {
    if (begin == mark_byte) fields.refuse();
    entry->what = static_cast<audit_entry::phase>(begin);
    fields.number(entry->held.tokens);
    fields.number(entry->held.cost);
  }
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
  const auto begin = static_cast<std::uint8_t>(entry.front());
  found.what = begin == settled_byte ? audit_entry::phase::settled : static_cast<audit_entry::phase>(begin);
  found.record = entry.substr(begin == settled_byte ? 1 : entry_head);
  field_reader fields(found.record.substr(1));
  found.id = fields.short_text();
  return found;
}

} // namespace gateway
