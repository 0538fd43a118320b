#include "storage/audit_codec.hpp"

#include <cstdint>
#include <type_traits>

namespace gateway {
namespace {

constexpr std::uint8_t record_version = 1;

/// Appends fields.
class field_writer {
 public:
  explicit field_writer(std::string& to) : to_(to) {}

  template <class Number>
  void number(Number value) {
    using bits = std::make_unsigned_t<Number>;
    char bytes[sizeof(Number)];
    for (std::size_t i = 0; i < sizeof(Number); ++i) bytes[i] = static_cast<char>(static_cast<bits>(value) >> (8 * i));
    to_.append(bytes, sizeof(Number));
  }

  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    to_.append(value);
  }

  void flag(bool value) { number(static_cast<std::uint8_t>(value ? 1 : 0)); }

 private:
  std::string& to_;
};

/// Takes fields off the front; after the first that is none it takes nothing more.
class field_reader {
 public:
  explicit field_reader(std::string_view from) : rest_(from) {}

  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }
  void refuse() { ok_ = false; }

  std::string_view take(std::size_t count) {
    if (!ok_ || rest_.size() < count) {
      ok_ = false;
      return {};
    }
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  template <class Number>
  void number(Number& value) {
    using bits = std::make_unsigned_t<Number>;
    const auto bytes = take(sizeof(Number));
    std::uint64_t read = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      read |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
    value = static_cast<Number>(static_cast<bits>(read));
  }

  void text(std::string& value) {
    std::uint32_t size = 0;
    number(size);
    value = take(size);
  }

  void flag(bool& value) { value = choice(1) == 1; }

  /// A byte of 0 to `most`.
  std::uint8_t choice(std::uint8_t most) {
    std::uint8_t byte = 0;
    number(byte);
    if (byte > most) refuse();
    return byte;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

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
  if (streamed) fields.number(record.ttft_ms.emplace());
  walk_numbers(fields, record);
  walk_texts(fields, record);
}

} // namespace

void encode(const audit_record& record, std::string& to) {
  field_writer fields(to);
  fields.number(record_version);
  fields.number(std::int64_t{record.created_at.time_since_epoch().count()});
  fields.number(std::int32_t{record.status});
  fields.number(static_cast<std::uint8_t>(record.source));
  fields.flag(record.ttft_ms.has_value());
  if (record.ttft_ms) fields.number(*record.ttft_ms);
  walk_numbers(fields, record);
  walk_texts(fields, record);
}

void encode(const audit_entry& entry, std::string& to) {
  field_writer fields(to);
  fields.number(static_cast<std::uint8_t>(entry.what));
  fields.number(entry.held.tokens);
  fields.number(entry.held.cost);
  encode(entry.record, to);
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

} // namespace gateway
