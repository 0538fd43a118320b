#include "storage/audit_journal.hpp"

#include "storage/audit_batch.hpp"
#include "tests/storage/entries.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <map>

namespace gateway {

namespace {

struct journal_twin {
  const char* name;
  std::unique_ptr<audit_journal> (*open)(const temporary_directory&);
};

const journal_twin twins[] = {
    {"memory", [](const temporary_directory&) { return make_memory_audit_journal(); }},
    {"file", [](const temporary_directory& in) { return std::move(open_audit_journal(in.file("audit.db")).value()); }},
};

/// One test over each of the two, in a directory of its own.
struct either_journal {
  const journal_twin& which = GENERATE(from_range(std::begin(twins), std::end(twins)));
  temporary_directory directory;
  std::unique_ptr<audit_journal> journal = which.open(directory);

  std::vector<audit_entry> held() { return journal->replay().value().entries; }
};

} // namespace

TEST_CASE("a journal gives back what it was given, in order, as often as one asks") {
  either_journal it;
  CHECK(it.held().empty());
  REQUIRE(it.journal->append({admitted(1), admitted(2)}, false));
  REQUIRE(it.journal->append({settled(2)}, true));
  REQUIRE(it.journal->append({admitted(3), settled(1)}, false));
  const std::vector<audit_entry> all{admitted(1), admitted(2), settled(2), admitted(3), settled(1)};
  CHECK(it.held() == all);
  CHECK(it.held() == all);
  CHECK(it.journal->replay()->cut == 0);
}

TEST_CASE("shortened, a journal holds what is still open and goes on from there") {
  either_journal it;
  const bool sync = GENERATE(false, true);
  for (int i = 0; i < 50; ++i) REQUIRE(it.journal->append({admitted(i), settled(i)}, false));
  REQUIRE(it.journal->append({admitted(50), admitted(51)}, false));
  const auto before = it.journal->bytes();
  REQUIRE(it.journal->compact({admitted(50), admitted(51)}, sync));
  CHECK(it.journal->bytes() < before / 10);
  CHECK(it.held() == std::vector{admitted(50), admitted(51)});
  REQUIRE(it.journal->append({settled(50)}, false));
  CHECK(it.held() == std::vector{admitted(50), admitted(51), settled(50)});
  REQUIRE(it.journal->compact(journal_pieces(), sync));
  CHECK(it.held().empty());
}

TEST_CASE("a journal knows the last batch of each source, also after it was shortened to that") {
  either_journal it;
  const auto append = [&](const batch_mark& mark, const std::vector<audit_entry>& entries) {
    const auto batch = batch_of(entries, mark);
    const std::array pieces{batch->bytes()};
    REQUIRE(it.journal->append(journal_pieces(pieces), false));
  };
  append({1, 1}, {admitted(1)});
  append({2, 1}, {admitted(2)});
  append({1, 2}, {settled(1)});
  using marks = std::map<std::uint64_t, std::uint64_t>;
  CHECK(it.journal->replay()->marks == marks{{1, 2}, {2, 1}});
  CHECK(it.held() == std::vector{admitted(1), admitted(2), settled(1)});
  std::string kept;
  encode(batch_mark{1, 2}, kept);
  const std::array<std::string_view, 1> pieces{kept};
  REQUIRE(it.journal->compact(journal_pieces(pieces), false));
  CHECK(it.journal->replay()->marks == marks{{1, 2}});
  CHECK(it.held().empty());
}

TEST_CASE("the length of a journal grows with what is in it") {
  either_journal it;
  const auto before = it.journal->bytes();
  REQUIRE(it.journal->append({admitted(1)}, false));
  const auto one = it.journal->bytes();
  CHECK(one > before + 100);
  REQUIRE(it.journal->append({admitted(1), settled(1)}, false));
  CHECK(it.journal->bytes() > one);
}

TEST_CASE("a journal that works says so") {
  either_journal it;
  CHECK(it.journal->check());
  REQUIRE(it.journal->append({admitted(1)}, false));
  CHECK(it.journal->check());
  CHECK(it.held() == std::vector{admitted(1)});
}

} // namespace gateway
