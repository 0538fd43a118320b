#include "storage/audit_codec_v1.hpp"

#include "storage/audit_texts.hpp"

#include <chrono>
#include <cstddef>

namespace gateway {
namespace {

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

template <class Fields, class Record>
void walk_texts(Fields& fields, Record& record) {
  fields.text(record.id);
  each_text(record, [&](auto& text) { fields.text(text); });
}

} // namespace

void read_first_version(field_reader& fields, audit_record& record) {
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

void encode_first_version(const audit_record& record, std::string& to) {
  constexpr std::size_t numbers = 80;
  constexpr std::size_t texts = 12;
  std::size_t room = numbers + texts * sizeof(std::uint32_t) + record.id.size();
  each_text(record, [&](const std::string& text) { room += text.size(); });
  append_fields(to, room, [&](field_writer& fields) {
    fields.number(first_record_version);
    fields.number(std::int64_t{record.created_at.time_since_epoch().count()});
    fields.number(std::int32_t{record.status});
    fields.number(static_cast<std::uint8_t>(record.source));
    fields.flag(record.ttft_ms.has_value());
    if (record.ttft_ms) fields.number(*record.ttft_ms);
    walk_numbers(fields, record);
    walk_texts(fields, record);
  });
}

} // namespace gateway
