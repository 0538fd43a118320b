#include "storage/audit_codec.hpp"

#include "storage/audit_codec_v1.hpp"
#include "storage/byte_fields.hpp"
#include "tests/storage/samples.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace gateway {

namespace {

/// An entry in which no field is what it is by default, and no two are alike.
audit_entry full_entry() {
  audit_entry entry{audit_entry::phase::settled, sample_record(7), {}};
  entry.what = audit_entry::phase::admitted;
  entry.held = {1001, 1002};
  auto& record = entry.record;
  record.error_code = "PLATFORM_INTERRUPTED";
  record.stream = true;
  record.usage = {1003, 1004, 1005, 1006};
  record.source = usage_source::estimated;
  record.cost = std::numeric_limits<micro_dollars>::max();
  record.counted = true;
  record.ttft_ms = 0;
  record.admin = "root";
  record.change = R"({"before":null,"after":{"name":")" + std::string("\0\xff\n", 3) + R"("}})";
  return entry;
}

std::string bytes_of(const audit_entry& entry) {
  std::string bytes;
  encode(entry, bytes);
  return bytes;
}

} // namespace

TEST_CASE("an entry comes back from its bytes as it was, with every field") {
  for (const auto& entry :
       {full_entry(), audit_entry{}, audit_entry{audit_entry::phase::settled, sample_record(1), {}}}) {
    const auto bytes = bytes_of(entry);
    std::string_view rest = bytes;
    CHECK(decode_entry(rest) == entry);
    CHECK(rest.empty());
  }
}

TEST_CASE("moments before 1970 and a status below zero come back too") {
  audit_entry entry{audit_entry::phase::settled, sample_record(1), {}};
  entry.record.created_at = timestamp{std::chrono::milliseconds{-5}};
  entry.record.status = -1;
  const auto bytes = bytes_of(entry);
  std::string_view rest = bytes;
  CHECK(decode_entry(rest) == entry);
}

TEST_CASE("entries are taken off the front one after the other") {
  std::string bytes;
  encode(full_entry(), bytes);
  encode(audit_entry{audit_entry::phase::settled, sample_record(2), {}}, bytes);
  std::string_view rest = bytes;
  CHECK(decode_entry(rest) == full_entry());
  CHECK(decode_entry(rest)->record == sample_record(2));
  CHECK_FALSE(decode_entry(rest));
}

TEST_CASE("a record comes back from its bytes into one that was used before") {
  audit_record record = full_entry().record;
  for (const auto& each : {sample_record(1), full_entry().record, audit_record{}}) {
    std::string bytes;
    encode(each, bytes);
    CHECK(decode_record(bytes, record));
    CHECK(record == each);
    CHECK_FALSE(decode_record(bytes + "x", record));
  }
}

TEST_CASE("what an entry is about can be seen without reading all of it") {
  for (const auto& entry : {full_entry(), audit_entry{audit_entry::phase::settled, sample_record(2), {}}}) {
    const auto bytes = bytes_of(entry);
    const auto seen = view_entry(bytes);
    CHECK(seen.what == entry.what);
    CHECK(seen.id == entry.record.id);
    std::string record;
    encode(entry.record, record);
    CHECK(seen.record == record);
  }
}

TEST_CASE("a mark comes back as it was, and neither it nor an entry is taken for the other") {
  const batch_mark mark{0x0123456789abcdef, 42};
  std::string bytes;
  encode(mark, bytes);
  std::string_view rest = bytes;
  CHECK_FALSE(decode_entry(rest));
  CHECK(decode_mark(rest) == mark);
  CHECK(rest.empty());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    std::string_view part(bytes.data(), length);
    CHECK_FALSE(decode_mark(part));
    CHECK(part.size() == length);
  }
  const auto entry = bytes_of(full_entry());
  std::string_view other = entry;
  CHECK_FALSE(decode_mark(other));
}

TEST_CASE("bytes that end anywhere within an entry are none, and stay as they were") {
  const auto bytes = bytes_of(full_entry());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    std::string_view rest(bytes.data(), length);
    CHECK_FALSE(decode_entry(rest));
    CHECK(rest.size() == length);
  }
}

TEST_CASE("whatever is taken for an entry has exactly those bytes") {
  const auto good = bytes_of(full_entry());
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      auto bytes = good;
      bytes[at] = static_cast<char>(bytes[at] ^ flip);
      std::string_view rest = bytes;
      const auto entry = decode_entry(rest);
      if (entry) CHECK(bytes_of(*entry) + std::string(rest) == bytes);
      CHECK(entry != full_entry());
    }
}

TEST_CASE("a record's bytes begin with their version, and differ when any field does") {
  const auto record = full_entry().record;
  std::string bytes;
  encode(record, bytes);
  CHECK(bytes.front() == 2);
  const auto differs = [&](auto change) {
    auto other = record;
    change(other);
    std::string others;
    encode(other, others);
    return others != bytes;
  };
  CHECK(differs([](auto& r) { r.ttft_ms.reset(); }));
  CHECK(differs([](auto& r) { r.counted = false; }));
  CHECK(differs([](auto& r) { r.cost = 1; }));
  CHECK(differs([](auto& r) { r.created_at += std::chrono::milliseconds{1}; }));
  // A letter that moves from one text to the next.
  CHECK(differs([](auto& r) {
    r.upstream_model.insert(0, 1, r.upstream.back());
    r.upstream.pop_back();
  }));
  CHECK_FALSE(differs([](auto&) {}));
}

TEST_CASE("a form of another version is no entry") {
  auto bytes = bytes_of(full_entry());
  constexpr std::size_t version_at = 17;
  for (const char other : {'\0', '\3'}) {
    bytes[version_at] = other;
    std::string_view rest = bytes;
    CHECK_FALSE(decode_entry(rest));
  }
}

TEST_CASE("a record of the first version is read, alone and in an entry") {
  for (const auto& record : {full_entry().record, sample_record(1), audit_record{}}) {
    std::string bytes;
    encode_first_version(record, bytes);
    CHECK(bytes.front() == 1);
    audit_record found;
    CHECK(decode_record(bytes, found));
    CHECK(found == record);
    std::string entry(17, '\0');
    entry[1] = 9;
    entry += bytes;
    std::string_view rest = entry;
    CHECK(decode_entry(rest) == audit_entry{audit_entry::phase::admitted, record, {9, 0}});
    for (std::size_t length = 0; length < bytes.size(); ++length)
      CHECK_FALSE(decode_record(std::string_view(bytes).substr(0, length), found));
  }
}

TEST_CASE("a settled entry takes a byte more than its record, and its hold comes back where it has one") {
  const audit_entry plain{audit_entry::phase::settled, sample_record(1), {}};
  std::string record;
  encode(plain.record, record);
  CHECK(bytes_of(plain).size() == record.size() + 1);
  const audit_entry held{audit_entry::phase::settled, sample_record(1), {1, 2}};
  const auto bytes = bytes_of(held);
  std::string_view rest = bytes;
  CHECK(decode_entry(rest) == held);
}

TEST_CASE("varints come back, and only in the shortest form") {
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{16384},
                                     std::uint64_t{1} << 63U, ~std::uint64_t{0}}) {
    std::string bytes;
    append_fields(bytes, varint_size, [&](field_writer& fields) { fields.varint(number); });
    field_reader fields(bytes);
    CHECK(fields.varint() == number);
    CHECK((fields.ok() && fields.rest().empty()));
    field_reader bounded(bytes);
    CHECK((bounded.varint(number) == number && bounded.ok()));
    if (number == 0) continue;
    field_reader too_large(bytes);
    too_large.varint(number - 1);
    CHECK_FALSE(too_large.ok());
  }
  for (const auto& bytes : {std::string("\x80\0", 2), std::string("\xff\xff\x80\0", 4), std::string(10, '\xff'),
                            std::string(9, '\xff') + "\x02", std::string("\x80")}) {
    field_reader fields(bytes);
    fields.varint();
    CHECK_FALSE(fields.ok());
  }
}

TEST_CASE("numbers of either sign come back from their zigzag form") {
  using limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t number : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1}, limits::min(), limits::max()})
    CHECK(from_zigzag(zigzag(number)) == number);
  CHECK(zigzag(-1) == 1);
  CHECK(zigzag(1) == 2);
}

} // namespace gateway
