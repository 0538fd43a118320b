#include "storage/audit_block.hpp"

#include "storage/audit_codec.hpp"
#include "tests/storage/samples.hpp"

#include <catch2/catch.hpp>

namespace gateway {

namespace {

using std::chrono::milliseconds;

chain_link link_of(std::uint8_t first) {
  chain_link link{};
  link[0] = first;
  link[3] = 0x80;
  link[31] = 9;
  return link;
}

void add(audit_block& block, std::int64_t sequence, const audit_record& record) {
  std::string bytes;
  encode(record, bytes);
  block.add({sequence, link_of(static_cast<std::uint8_t>(sequence))}, record, bytes);
}

} // namespace

TEST_CASE("a block says where its records are, and what they are about") {
  audit_block block;
  add(block, 41, sample_record(5, "acme"));
  add(block, 42, sample_record(3, "other"));
  add(block, 43, sample_record(9, ""));
  CHECK(block.first == 41);
  CHECK(block.count == 3);
  CHECK(block.oldest == sample_moment(milliseconds{3}));
  CHECK(block.newest == sample_moment(milliseconds{9}));
  CHECK(block.link == link_of(43));

  const block_directory directory(block.directory);
  REQUIRE(directory.size() == 3);
  CHECK(directory.at(2).end == block.records.size());
  const auto second = directory.at(1);
  audit_record found;
  const auto begin = directory.at(0).end;
  REQUIRE(decode_record(std::string_view(block.records).substr(begin, second.end - begin), found));
  CHECK(found == sample_record(3, "other"));
  CHECK(second.tenant == audit_tag("other"));
  CHECK(second.request == audit_tag("request-3"));
  CHECK(second.link == 0x8000002AU);
  CHECK(directory.at(2).tenant == audit_tag(""));
}

TEST_CASE("a tag is the CRC-32 that zlib and PNG have, whatever the machine") {
  // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms (reveng).
  CHECK(audit_tag("123456789") == 0xCBF43926U);
}

TEST_CASE("a block is full with 1024 records, or with 256 KiB and whatever the last record has") {
  audit_block block;
  for (int number = 0; number < 1023; ++number) add(block, number + 1, sample_record(number));
  CHECK_FALSE(block.is_full());
  add(block, 1024, sample_record(1023));
  CHECK(block.records.size() < audit_block::most_bytes);
  CHECK(block.is_full());
  block.clear();
  CHECK_FALSE(block.is_full());
  auto large = sample_record(1);
  large.change = std::string(300'000, 'x');
  add(block, 1, large);
  CHECK(block.is_full());
}

TEST_CASE("a block that was cleared begins anew") {
  audit_block block;
  add(block, 1, sample_record(100));
  block.clear();
  add(block, 7, sample_record(200));
  audit_block other;
  add(other, 7, sample_record(200));
  CHECK(block == other);
}

} // namespace gateway
