#include "actors/group_commit.hpp"

#include "tests/actors/fakes/audit_journal.hpp"
#include "tests/actors/fakes/audit_store.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace test;

struct committing {
  std::shared_ptr<counting_audit_store> store = std::make_shared<counting_audit_store>();
  std::shared_ptr<counting_audit_journal> journal = std::make_shared<counting_audit_journal>();
  std::optional<audit_index> index;
  std::optional<group_commit> commits;
  std::vector<std::string> answers; ///< In the order they came: who, and how.

  explicit committing(std::size_t batch, bool sync = false) {
    audit_settings how;
    how.batch = batch;
    how.sync = sync;
    index.emplace(store, journal, how);
    REQUIRE(index->rebuild());
    commits.emplace(journal, *index, how);
  }

  void add(const std::string& who, const audit_entries& entries, batch_mark mark = {}) {
    commits->add(batch_of(entries, mark),
                 [this, who](const result<void>& written) { answers.push_back(who + (written ? " yes" : " no")); });
  }
};

using texts = std::vector<std::string>;
using sizes = std::vector<std::size_t>;

TEST_CASE("everything that waits goes in one commit, and everybody hears of it in order") {
  committing it(10);
  it.add("a", sample_entries(1, 0));
  it.add("b", sample_entries(2, 1));
  it.add("c", sample_admissions(1, 3));
  CHECK(it.answers.empty());
  it.commits->commit_group();
  CHECK(it.journal->commits == sizes{4});
  CHECK(it.answers == texts{"a yes", "b yes", "c yes"});
  CHECK(it.index->waiting() == 3);
}

TEST_CASE("a commit takes whole askers up to the batch") {
  committing it(4);
  it.add("a", sample_entries(3, 0));
  it.add("b", sample_entries(1, 3));
  it.add("c", sample_entries(3, 4));
  it.add("d", sample_entries(2, 7));
  it.commits->commit_group();
  CHECK(it.answers == texts{"a yes", "b yes"});
  CHECK(it.commits->is_pending());
  it.commits->commit_all();
  CHECK(it.journal->commits == sizes{4, 3, 2});
  CHECK(it.index->waiting() == 9);
}

TEST_CASE("who brings more than a batch is one commit") {
  committing it(4);
  it.add("big", sample_entries(10, 0));
  it.add("small", sample_entries(1, 10));
  it.commits->commit_all();
  CHECK(it.journal->commits == sizes{10, 1});
  CHECK(it.answers == texts{"big yes", "small yes"});
}

TEST_CASE("a failed commit is the failure of its whole group and of nobody else") {
  committing it(2);
  it.journal->fails = [](std::size_t commit) { return commit == 1; };
  it.add("a", sample_entries(1, 0));
  it.add("b", sample_entries(1, 1));
  it.add("c", sample_entries(1, 2));
  it.commits->commit_all();
  CHECK(it.answers == texts{"a no", "b no", "c yes"});
  CHECK(it.index->waiting() == 1);
}

TEST_CASE("what comes again after a failure is committed once") {
  committing it(4);
  it.journal->fails = [](std::size_t commit) { return commit == 1; };
  for (int i = 0; i < 2; ++i) {
    it.add("a", sample_entries(3), {1, 1});
    it.commits->commit_group();
  }
  CHECK(it.answers == texts{"a no", "a yes"});
  CHECK(it.index->waiting() == 3);
}

TEST_CASE("what comes again after it was committed is answered well, and not written again") {
  committing it(4);
  for (int i = 0; i < 3; ++i) {
    it.add("a", sample_admissions(2), {1, 1});
    it.commits->commit_group();
  }
  for (int i = 0; i < 3; ++i) {
    it.add("b", sample_entries(2), {1, 2});
    it.commits->commit_group();
  }
  CHECK(it.answers.size() == 6);
  CHECK(it.journal->commits == sizes{2, 2});
  CHECK(it.index->waiting() == 2);
}

TEST_CASE("nothing to record is recorded at once") {
  committing it(4);
  it.add("nobody", {});
  CHECK(it.answers == texts{"nobody yes"});
  CHECK_FALSE(it.commits->is_pending());
  CHECK(it.journal->commits.empty());
}

TEST_CASE("a commit waits for the disk when it is to") {
  const bool sync = GENERATE(false, true);
  committing it(4, sync);
  it.add("a", sample_entries(1));
  it.commits->commit_group();
  CHECK(it.journal->synced == (sync ? 1 : 0));
}

TEST_CASE("at its end whoever waits is told to come again") {
  committing it(4);
  it.add("a", sample_entries(1));
  it.commits.reset();
  CHECK(it.answers == texts{"a no"});
  CHECK(it.journal->commits.empty());
}

} // namespace
} // namespace gateway
