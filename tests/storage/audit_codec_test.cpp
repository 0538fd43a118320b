#include "storage/audit_codec.hpp"

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
  CHECK(bytes.front() == 1);
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
  for (const char other : {'\0', '\2'}) {
    bytes[version_at] = other;
    std::string_view rest = bytes;
    CHECK_FALSE(decode_entry(rest));
  }
}

} // namespace gateway
