#include "storage/audit_journal.hpp"
#include "tests/storage/entries.hpp"
#include "tests/storage/journal/journal_file.hpp"
#include "tests/storage/sqlite/processes.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace gateway {

namespace {

using Catch::Contains;

/// The bytes of a journal of three groups, and where each of them ends.
struct three_groups : journal_file {
  three_groups() {
    const auto journal = open();
    for (int i = 0; i < 3; ++i) {
      REQUIRE(journal->append({admitted(i), settled(i)}, false));
      ends.push_back(journal->bytes());
    }
    whole = bytes();
    REQUIRE(whole.size() == ends.back());
  }

  std::vector<std::uint64_t> ends;
  std::string whole;
};

std::vector<audit_entry> first_groups(int count) {
  std::vector<audit_entry> all;
  for (int i = 0; i < count; ++i) {
    all.push_back(admitted(i));
    all.push_back(settled(i));
  }
  return all;
}

} // namespace

TEST_CASE("a journal is there after it was closed, for its owner only") {
  journal_file it;
  REQUIRE(it.open()->append({admitted(1)}, false));
  CHECK(it.open()->replay()->entries == std::vector{admitted(1)});
  struct stat found {};
  REQUIRE(::stat(it.name.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
}

TEST_CASE_METHOD(three_groups,
                 "cut at any byte of its last group, a journal holds the others, and goes on behind them") {
  for (auto length = ends[1]; length < ends[2]; ++length) {
    INFO(length);
    write(whole.substr(0, length));
    const auto journal = open();
    const auto found = journal->replay();
    REQUIRE(found);
    REQUIRE(found->entries == first_groups(2));
    REQUIRE(found->cut == length - ends[1]);
    REQUIRE(bytes().size() == ends[1]);
    REQUIRE(journal->append({admitted(2), settled(2)}, false));
    REQUIRE(journal->replay()->entries == first_groups(3));
  }
}

TEST_CASE_METHOD(three_groups, "with any byte of its last group changed, a journal holds the others") {
  for (auto at = ends[1]; at < ends[2]; ++at) {
    INFO(at);
    auto changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
    write(changed);
    const auto found = open()->replay();
    REQUIRE(found);
    REQUIRE(found->entries == first_groups(2));
    REQUIRE(found->cut == ends[2] - ends[1]);
  }
}

TEST_CASE_METHOD(three_groups, "damage with good groups behind it is told, and nothing is cut") {
  for (auto at = ends[0]; at < ends[1]; ++at) {
    INFO(at);
    auto changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
    write(changed);
    REQUIRE_THAT(refusal(), Contains("damaged at byte " + std::to_string(ends[0])));
    REQUIRE(bytes() == changed);
  }
}

TEST_CASE_METHOD(three_groups, "a tail of other bytes is cut off, whatever they are") {
  for (const auto& tail :
       {std::string(1, '\0'), std::string(70000, '\0'), std::string("\xA7GRP"), whole.substr(0, 100)}) {
    write(whole + tail);
    const auto found = open()->replay();
    REQUIRE(found);
    CHECK(found->entries == first_groups(3));
    CHECK(found->cut == tail.size());
  }
}

TEST_CASE("a group of another journal is none of this one") {
  three_groups one;
  three_groups other;
  one.write(one.whole.substr(0, one.ends[1]) + other.whole.substr(other.ends[1]));
  CHECK(one.open()->replay()->entries == first_groups(2));
}

TEST_CASE_METHOD(three_groups, "a journal that was only being made when the end came is a new one") {
  for (const auto& begun : {whole.substr(0, 0), whole.substr(0, 5), whole.substr(0, 15), std::string(4096, '\0')}) {
    write(begun);
    const auto journal = open();
    CHECK(journal->replay()->entries.empty());
    CHECK(journal->append({admitted(1)}, false));
  }
}

TEST_CASE_METHOD(three_groups, "what is no journal, or one of another version, is refused and left alone") {
  auto newer = whole;
  newer[8] = 2;
  for (const auto& foreign : {std::string("notes"), std::string(100, 'x'), newer}) {
    write(foreign);
    refusal();
    CHECK(bytes() == foreign);
  }
}

TEST_CASE("only one may have a journal open, also after it was shortened") {
  journal_file it;
  auto journal = it.open();
  CHECK_THAT(it.refusal(), Contains("another gateway is running on it"));
  REQUIRE(journal->append({admitted(1)}, false));
  REQUIRE(journal->compact({admitted(1)}, false));
  CHECK_THAT(it.refusal(), Contains("another gateway is running on it"));
  journal.reset();
  CHECK(it.open()->replay()->entries == std::vector{admitted(1)});
}

TEST_CASE("what a shortening that was cut short has left behind does no harm") {
  journal_file it;
  auto journal = it.open();
  REQUIRE(journal->append({admitted(1)}, false));
  std::ofstream(it.name + ".new") << std::string(5000, 'x');
  REQUIRE(journal->compact({admitted(1)}, true));
  CHECK(journal->replay()->entries == std::vector{admitted(1)});
  journal.reset();
  CHECK(it.open()->replay()->entries == std::vector{admitted(1)});
  CHECK_FALSE(std::filesystem::exists(it.name + ".new"));
}

TEST_CASE("a journal that was moved away behind our back is not well") {
  journal_file it;
  const auto journal = it.open();
  CHECK(journal->check());
  std::filesystem::rename(it.name, it.name + ".old");
  CHECK_FALSE(journal->check());
}

TEST_CASE("without room a group is refused and undone, and the next goes in when there is room again") {
  journal_file it;
  // In a process of its own, since the limit holds for all that a process writes.
  const bool went_well = run_as_ordinary_user([&] {
    const temporary_directory mine;
    const auto journal = std::move(open_audit_journal(mine.file("audit.db")).value());
    std::signal(SIGXFSZ, SIG_IGN);
    const auto limit = [](rlim_t bytes) {
      rlimit now{};
      ::getrlimit(RLIMIT_FSIZE, &now);
      now.rlim_cur = bytes;
      return ::setrlimit(RLIMIT_FSIZE, &now) == 0;
    };
    bool good = journal->append({admitted(0)}, false).has_value();
    const auto before = journal->bytes();
    for (const rlim_t room : {0, 1, 13, 300}) {
      good = good && limit(before + room);
      const auto refused = journal->append({admitted(1), settled(1)}, true);
      good = good && !refused && refused.error().code == ec::dependency_unavailable && !journal->check();
      good = good && std::filesystem::file_size(audit_journal_file(mine.file("audit.db"))) == before;
    }
    // No room for a shorter one either: the old one stays.
    good = good && limit(20) && !journal->compact({admitted(0)}, false);
    good = good && limit(RLIM_INFINITY) && journal->check() && journal->bytes() == before;
    good = good && journal->append({admitted(1)}, true);
    return good && journal->replay()->entries == std::vector{admitted(0), admitted(1)};
  });
  CHECK(went_well);
}

TEST_CASE("after kill -9 a journal holds every group that was appended, and no half of one") {
  journal_file it;
  constexpr int enough = 200;
  const auto reported = run_until_killed(enough, [&](const auto& report) {
    const auto journal = it.open();
    for (int i = 0; i < 1'000'000 && journal->append({admitted(i), settled(i)}, false); ++i) {
      if (i % 50 == 49 && !journal->compact(first_groups(i + 1), false)) return;
      report();
    }
  });
  REQUIRE(reported >= enough);
  const auto found = it.open()->replay();
  REQUIRE(found);
  REQUIRE(found->entries.size() >= 2 * static_cast<std::size_t>(reported));
  CHECK(found->entries == first_groups(static_cast<int>(found->entries.size() / 2)));
}

} // namespace gateway
