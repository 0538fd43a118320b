#include "tests/storage/entries.hpp"
#include "tests/storage/journal/journal_file.hpp"

#include <filesystem>
#include <vector>

namespace gateway {

TEST_CASE("two files take turns as the journal, and what they had before counts for nothing") {
  journal_file it;
  auto journal = it.open();
  std::vector<audit_entry> open;
  for (int turn = 0; turn < 6; ++turn) {
    INFO(turn);
    // Longer and shorter ones, so that there is more behind the end, and less.
    for (int i = 0; i < (turn % 2 == 0 ? 40 : 7); ++i) REQUIRE(journal->append({admitted(i), settled(i)}, false));
    open = {admitted(100 + turn)};
    REQUIRE(journal->compact(open, turn % 3 == 0));
    for (int i = 0; i < turn; ++i) {
      open.push_back(settled(i));
      REQUIRE(journal->append({open.back()}, false));
    }
    CHECK(journal->replay()->entries == open);
    // As a gateway finds it after kill -9.
    std::ifstream from(it.name, std::ios::binary);
    std::ofstream(it.directory.file("copy.db.journal"), std::ios::binary) << from.rdbuf();
    const auto copy = open_audit_journal(it.directory.file("copy.db")).value();
    CHECK(copy->replay()->entries == open);
    CHECK(copy->replay()->cut == 0);
  }
  CHECK(std::filesystem::exists(it.name + ".new"));
  const auto length = journal->bytes();
  journal.reset();
  CHECK(std::filesystem::file_size(it.name) == length);
  CHECK_FALSE(std::filesystem::exists(it.name + ".new"));
}

TEST_CASE("a group that was cut short in a file that was used before is none") {
  journal_file it;
  auto journal = it.open();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 40; ++i) REQUIRE(journal->append({settled(i)}, false));
    REQUIRE(journal->compact({admitted(1)}, false));
  }
  const auto before = journal->bytes();
  const auto old = it.bytes();
  REQUIRE(old.size() > before);
  REQUIRE(journal->append({settled(1)}, false));
  const auto after = journal->bytes();
  const auto whole = it.bytes();
  REQUIRE(whole.size() == old.size());
  journal.reset();
  for (auto length = before; length <= after; ++length) {
    INFO(length);
    it.write(whole.substr(0, length) + old.substr(length));
    const auto found = it.open()->replay();
    REQUIRE(found);
    REQUIRE(found->entries.size() == (length < after ? 1 : 2));
  }
}

} // namespace gateway
