#include "actors/audit_index.hpp"

#include "tests/actors/fakes/audit_journal.hpp"
#include "tests/actors/fakes/audit_store.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace gateway {
namespace {

using namespace test;
using sizes = std::vector<std::size_t>;

struct indexing {
  std::shared_ptr<counting_audit_store> store = std::make_shared<counting_audit_store>();
  std::shared_ptr<counting_audit_journal> journal = std::make_shared<counting_audit_journal>();
  std::vector<std::string> events;
  std::optional<audit_index> index;

  indexing() { restart(); }

  /// A new life over the same journal and log.
  void restart() {
    audit_settings how;
    how.batch = 4;
    how.journal_bytes = 10'000;
    how.on_event = [this](std::string_view event, const std::string&) { events.emplace_back(event); };
    index.emplace(store, journal, how);
    REQUIRE(index->rebuild());
  }

  /// As AUDIT does: into the journal, then to the index.
  void commit(const audit_entries& entries, batch_mark mark = {}) {
    const auto batch = batch_of(entries, mark);
    const std::array pieces{batch->bytes()};
    REQUIRE(journal->append(journal_pieces(pieces), false));
    index->take(batch);
  }

  /// Whether it knows this batch of the source 1, whatever is in it.
  bool has(std::uint64_t number) { return index->has(*batch_of({}, {1, number})); }

  std::size_t kept() { return store->read(everything())->rows.size(); }
};

TEST_CASE("records go into the log a batch at a time, in order") {
  indexing it;
  it.commit(sample_entries(10));
  CHECK(it.index->waiting() == 10);
  REQUIRE(it.index->write_batch());
  CHECK(it.index->waiting() == 6);
  REQUIRE(it.index->write_all(1'000'000));
  CHECK(it.store->commits == sizes{4, 4, 2});
  const auto rows = it.store->read(everything())->rows;
  REQUIRE(rows.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) CHECK(rows[i].record.id == std::to_string(9 - i));
}

TEST_CASE("with nothing that waits the log is left alone") {
  indexing it;
  it.commit(sample_admissions(3));
  REQUIRE(it.index->write_batch());
  REQUIRE(it.index->write_all(0));
  CHECK(it.store->commits.empty());
}

TEST_CASE("what the log refused is offered again before anything else, and goes in once") {
  indexing it;
  it.store->fails = [](std::size_t commit) { return commit <= 2; };
  it.commit(sample_entries(6));
  CHECK_FALSE(it.index->write_batch());
  CHECK(it.index->fails());
  CHECK(it.index->waiting() == 6);
  it.commit(sample_entries(1, 6));
  CHECK_FALSE(it.index->write_all(0));
  CHECK(it.journal->shortened.empty());
  REQUIRE(it.index->write_all(1'000'000));
  CHECK_FALSE(it.index->fails());
  CHECK(it.kept() == 7);
  CHECK(it.events == std::vector<std::string>{"audit_log_fails", "audit_log_works"});
}

TEST_CASE("a batch is known once it is in the journal, and so are those of its source before it") {
  indexing it;
  CHECK_FALSE(it.has(1));
  it.commit(sample_admissions(1), {1, 1});
  it.commit(sample_entries(1), {1, 2});
  CHECK(it.has(1));
  CHECK(it.has(2));
  CHECK_FALSE(it.has(3));
  CHECK_FALSE(it.index->has(*batch_of({}, {2, 1})));
}

TEST_CASE("what is nobody's is never known") {
  indexing it;
  it.commit(sample_entries(1));
  CHECK_FALSE(it.index->has(*batch_of(sample_entries(1))));
}

TEST_CASE("a request whose entries come together is settled, and not open") {
  indexing it;
  it.commit({sample_admissions(1).front(), sample_entries(1).front()});
  REQUIRE(it.index->write_all(0));
  CHECK(it.kept() == 1);
  CHECK(it.journal->shortened == sizes{0});
}

TEST_CASE("an admission that says something new replaces the one before") {
  indexing it;
  auto entry = sample_admissions(1).front();
  it.commit({entry});
  entry.held.tokens += 1;
  it.commit({entry});
  it.commit(sample_entries(1, 1));
  REQUIRE(it.index->write_all(0));
  CHECK(it.journal->replay()->entries == audit_entries{entry});
}

TEST_CASE("a journal that has grown is shortened to the requests that still run, the oldest first") {
  indexing it;
  auto open = sample_admissions(3, 100);
  open[0].record.created_at += std::chrono::seconds(3);
  open[1].record.created_at += std::chrono::seconds(2);
  open[2].record.created_at += std::chrono::seconds(1);
  it.commit(open);
  int groups = 0;
  for (; !it.index->is_long(); ++groups) {
    REQUIRE(groups < 1000);
    it.commit(sample_entries(1, 1000 + static_cast<std::size_t>(groups)));
  }
  REQUIRE(it.index->write_all(10'000));
  CHECK(it.journal->shortened == sizes{3});
  CHECK(it.journal->replay()->entries == audit_entries{open[2], open[1], open[0]});
  CHECK(it.kept() == static_cast<std::size_t>(groups));
  CHECK_FALSE(it.index->is_long());
}

TEST_CASE("a journal that cannot be shortened is left for later, and what it holds stays known") {
  indexing it;
  it.commit(sample_entries(400), {1, 1});
  REQUIRE(it.index->is_long());
  it.journal->is_there = false;
  REQUIRE(it.index->write_all(10'000));
  CHECK_FALSE(it.index->is_long());
  CHECK(it.has(1));
  it.journal->is_there = true;
  it.commit(sample_entries(400, 400));
  REQUIRE(it.index->is_long());
  REQUIRE(it.index->write_all(10'000));
  CHECK(it.journal->replay()->entries.empty());
}

TEST_CASE("a next life knows what the journal holds, and writes it into the log again without doubling it") {
  indexing it;
  it.commit(sample_admissions(2, 50), {1, 1});
  it.commit(sample_entries(6), {1, 2});
  REQUIRE(it.index->write_batch());
  it.restart();
  CHECK(it.has(2));
  CHECK_FALSE(it.has(3));
  CHECK(it.index->waiting() == 6);
  REQUIRE(it.index->write_all(0));
  CHECK(it.kept() == 6);
  CHECK(it.journal->shortened == sizes{2});
  it.commit(sample_entries(2, 50));
  REQUIRE(it.index->write_all(0));
  CHECK(it.kept() == 8);
  CHECK(it.journal->replay()->entries.empty());
}

TEST_CASE("after the journal was shortened, and in a next life, a batch that it had is known") {
  indexing it;
  it.commit(sample_entries(3), {1, 7});
  REQUIRE(it.index->write_all(0));
  CHECK(it.has(7));
  it.restart();
  CHECK(it.has(7));
  CHECK_FALSE(it.has(8));
  REQUIRE(it.index->write_all(0));
  it.restart();
  CHECK(it.has(7));
}

TEST_CASE("a batch that went into the log although that was said to have failed is there once") {
  indexing it;
  it.commit(sample_entries(6));
  it.store->lies = [](std::size_t commit) { return commit <= 2; };
  CHECK_FALSE(it.index->write_batch());
  CHECK_FALSE(it.index->write_batch());
  REQUIRE(it.index->write_all(0));
  CHECK(it.kept() == 6);
}

TEST_CASE("a journal that cannot be read is asked again, and read once") {
  indexing it;
  it.commit(sample_entries(1));
  it.index.emplace(it.store, it.journal, audit_settings{});
  it.journal->is_readable = false;
  CHECK_FALSE(it.index->rebuild());
  it.journal->is_readable = true;
  CHECK(it.index->rebuild());
  CHECK(it.index->rebuild());
  CHECK(it.index->waiting() == 1);
}

} // namespace
} // namespace gateway
