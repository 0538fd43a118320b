#include "storage/audit_batch.hpp"

#include "tests/storage/batches.hpp"
#include "tests/storage/entries.hpp"

#include <catch2/catch.hpp>

namespace gateway {

TEST_CASE("a batch holds its entries one by one, and all of them with its mark in front") {
  const std::vector<audit_entry> entries{admitted(1), settled(2), admitted(3), settled(1)};
  const auto mark = GENERATE(batch_mark{}, batch_mark{7, 9});
  const auto batch = batch_of(entries, mark);
  CHECK(batch->mark() == mark);
  CHECK(batch->size() == 4);
  CHECK(batch->settled() == 2);
  CHECK(entries_of(*batch) == entries);
  auto rest = batch->bytes();
  CHECK(decode_mark(rest) == (mark.source == 0 ? std::nullopt : std::optional(mark)));
  for (const auto& each : entries) CHECK(decode_entry(rest) == each);
  CHECK(rest.empty());
}

TEST_CASE("a batch without entries is empty") {
  CHECK(batch_of({}, {1, 1})->empty());
  CHECK_FALSE(batch_of({settled(1)})->empty());
}

} // namespace gateway
