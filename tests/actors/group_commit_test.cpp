#include "actors/group_commit.hpp"

#include "tests/actors/fakes/audit_store.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace test;

struct committing {
  std::shared_ptr<counting_audit_store> store = std::make_shared<counting_audit_store>();
  std::optional<group_commit> log;
  std::vector<std::string> answers; ///< In the order they came: who, and how.

  explicit committing(std::size_t batch) { log.emplace(store, batch); }

  void add(const std::string& who, std::vector<audit_record> records) {
    log->add(std::move(records),
             [this, who](const result<void>& written) { answers.push_back(who + (written ? " yes" : " no")); });
  }

  std::size_t kept() { return store->read(everything())->rows.size(); }
};

using texts = std::vector<std::string>;

TEST_CASE("everything that waits goes in one commit, and everybody hears of it in order") {
  committing it(10);
  it.add("a", sample_records(1, 0));
  it.add("b", sample_records(2, 1));
  it.add("c", sample_records(1, 3));
  CHECK(it.answers.empty());
  it.log->commit_group();
  CHECK(it.store->commits == std::vector<std::size_t>{4});
  CHECK(it.answers == texts{"a yes", "b yes", "c yes"});
  CHECK(it.kept() == 4);
}

TEST_CASE("a commit takes whole askers up to the batch") {
  committing it(4);
  it.add("a", sample_records(3, 0));
  it.add("b", sample_records(1, 3));
  it.add("c", sample_records(3, 4));
  it.add("d", sample_records(2, 7));
  it.log->commit_group();
  CHECK(it.answers == texts{"a yes", "b yes"});
  CHECK(it.log->is_pending());
  it.log->commit_all();
  CHECK(it.store->commits == std::vector<std::size_t>{4, 3, 2});
  CHECK(it.kept() == 9);
}

TEST_CASE("who brings more than a batch is served in several commits and answered after the last") {
  committing it(4);
  it.add("big", sample_records(10, 0));
  it.add("small", sample_records(1, 10));
  it.store->during_commit = [&] { CHECK(it.answers.empty()); };
  it.log->commit_group();
  CHECK(it.store->commits == std::vector<std::size_t>{4, 4, 2});
  CHECK(it.answers == texts{"big yes"});
  it.store->during_commit = [] {};
  it.log->commit_all();
  CHECK(it.kept() == 11);
}

TEST_CASE("a failed commit is the failure of its whole group and of nobody else") {
  committing it(2);
  it.store->fails = [](std::size_t commit) { return commit == 1; };
  it.add("a", sample_records(1, 0));
  it.add("b", sample_records(1, 1));
  it.add("c", sample_records(1, 2));
  it.log->commit_all();
  CHECK(it.answers == texts{"a no", "b no", "c yes"});
}

TEST_CASE("a big asker whose second commit fails may come again with all of it, and nothing is there twice") {
  committing it(4);
  it.store->fails = [](std::size_t commit) { return commit == 2; };
  it.add("big", sample_records(10));
  it.log->commit_group();
  CHECK(it.answers == texts{"big no"});
  it.add("big", sample_records(10));
  it.log->commit_group();
  CHECK(it.answers == texts{"big no", "big yes"});
  CHECK(it.kept() == 10);
}

TEST_CASE("nothing to record is recorded at once") {
  committing it(4);
  it.add("nobody", {});
  CHECK(it.answers == texts{"nobody yes"});
  CHECK_FALSE(it.log->is_pending());
  CHECK(it.store->commits.empty());
}

TEST_CASE("it is well while its store answers and takes what is committed") {
  committing it(4);
  CHECK(it.log->check());
  it.store->is_there = false;
  CHECK_FALSE(it.log->check());
  it.add("a", sample_records(1));
  it.log->commit_group();
  it.store->is_there = true;
  // A full disk shows at the next commit only.
  CHECK_FALSE(it.log->check());
  it.add("a", sample_records(1));
  it.log->commit_group();
  CHECK(it.log->check());
}

TEST_CASE("whoever waits when it ends is told that nothing was committed") {
  committing it(4);
  it.add("a", sample_records(1));
  it.log.reset();
  CHECK(it.answers == texts{"a no"});
  CHECK(it.kept() == 0);
}

} // namespace
} // namespace gateway
