#include "http/house.hpp"
#include "storage/journal/groups.hpp"
#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/stream_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using nlohmann::json;

/// A journal on a disk that the test fills, and that may be slow with requests that begin.
class moody_journal : public audit_journal {
 public:
  explicit moody_journal(std::shared_ptr<audit_journal> inner) : inner_(std::move(inner)) {}

  std::atomic<bool> full = false;
  /// Runs before a first record is written.
  std::function<void()> before_admitted = [] {};

  using audit_journal::append;
  using audit_journal::compact;

  result<void> append(journal_pieces pieces, bool sync) override {
    journal_contents more;
    for (const auto piece : pieces)
      if (!read_entries(piece, more)) return tl::unexpected(unavailable("what is to be appended is no entry"));
    const auto& entries = more.entries;
    const bool begins = std::any_of(entries.begin(), entries.end(),
                                    [](const audit_entry& each) { return each.what == audit_entry::phase::admitted; });
    if (begins) before_admitted();
    if (full) return tl::unexpected(unavailable("no space left on device"));
    auto written = inner_->append(pieces, sync);
    const std::lock_guard lock(mutex_);
    for (const auto& each : entries) written_.push_back(each);
    synced_ = synced_ && sync;
    return written;
  }
  result<journal_contents> replay() override { return inner_->replay(); }
  result<void> compact(journal_pieces open, bool sync) override { return inner_->compact(open, sync); }
  std::uint64_t bytes() const override { return inner_->bytes(); }
  result<void> check() override {
    if (full) return tl::unexpected(unavailable("no space left on device"));
    return inner_->check();
  }

  /// What it holds of a request.
  std::vector<audit_entry> of(const std::string& request_id) const {
    const std::lock_guard lock(mutex_);
    std::vector<audit_entry> found;
    for (const auto& each : written_)
      if (each.record.request_id == request_id) found.push_back(each);
    return found;
  }
  bool all_synced() const {
    const std::lock_guard lock(mutex_);
    return synced_;
  }

 private:
  std::shared_ptr<audit_journal> inner_;
  mutable std::mutex mutex_;
  std::vector<audit_entry> written_;
  bool synced_ = true;
};

struct durable_fixture : stream_fixture {
  explicit durable_fixture(audit_durability durability) {
    gateway.settings.topology.audit.durability = durability;
    gateway.change_stores = [this](stores& kept) {
      kept.journal = journal = std::make_shared<moody_journal>(kept.journal);
    };
    open();
  }

  /// Sends a request that is called `mine`.
  void send(bool stream) {
    auto headers = with_key(key.at("key"));
    headers.emplace_back("X-Request-ID", "mine");
    caller->send(request_text("POST", "/v1/chat/completions", headers, chat_body("gpt", stream)));
  }

  std::shared_ptr<moody_journal> journal;
};

TEST_CASE("with strict durability no upstream is called before the record is on the disk", "[acceptance]") {
  durable_fixture it(audit_durability::strict);
  gate committed;
  std::promise<void> committing;
  it.journal->before_admitted = [&] {
    committing.set_value();
    committed.pass();
  };
  const bool stream = GENERATE(false, true);
  if (stream) it.upstream.next(stream_of({text_chunk("one"), finish_chunk(), usage_chunk(3, 2), "[DONE]"}));
  it.send(stream);
  committing.get_future().wait();
  // The worker has all the time for a call that it would make.
  for (int i = 0; i < 50; ++i) CHECK(it.gateway.call("GET", "/healthz").status == 200);
  CHECK(it.upstream.connections() == 0);
  committed.open();
  CHECK(it.caller->read_response().status == 200);
  CHECK(it.journal->all_synced());
}

TEST_CASE("with strict durability and a full disk no upstream is called, and nothing is charged", "[acceptance]") {
  durable_fixture it(audit_durability::strict);
  const auto before = it.gateway.usage(it.key);
  it.journal->full = true;
  it.send(GENERATE(false, true));
  check_failure(it.caller->read_response(), 503, "PLATFORM_DEPENDENCY_UNAVAILABLE");
  CHECK(it.upstream.connections() == 0);
  CHECK(it.gateway.usage(it.key) == before);
  CHECK(it.gateway.call("GET", "/readyz").status == 503);
  it.journal->full = false;
  const auto record = it.gateway.wait_for_record("mine");
  CHECK(record.at("status") == 503);
  CHECK(record.at("counted") == false);
  CHECK(record.at("attempts") == 0);
}

TEST_CASE("with grouped durability the upstream works while the record is written, and its answer waits for that",
          "[acceptance]") {
  durable_fixture it(audit_durability::grouped);
  gate committed;
  it.journal->before_admitted = [&] { committed.pass(); };
  const bool stream = GENERATE(false, true);
  std::promise<void> said;
  it.upstream.next([&](upstream_talk& talk) {
    if (stream)
      stream_of({text_chunk("one"), finish_chunk(), usage_chunk(3, 2), "[DONE]"})(talk);
    else
      answer_with(200, completion("hello"))(talk);
    said.set_value();
  });
  it.send(stream);
  said.get_future().wait();
  for (int i = 0; i < 50; ++i) CHECK(it.gateway.call("GET", "/healthz").status == 200);
  CHECK(it.journal->of("mine").empty());
  auto answer = std::async(std::launch::async, [&] {
    auto got = it.caller->read_head();
    // By the first byte of the answer the record is there.
    CHECK(it.journal->of("mine").size() >= 1);
    return got;
  });
  committed.open();
  CHECK(answer.get().status == 200);
}

TEST_CASE("with grouped durability and a full disk the upstream's answer is withheld, charged and recorded later",
          "[acceptance]") {
  durable_fixture it(audit_durability::grouped);
  const bool stream = GENERATE(false, true);
  it.upstream.next(stream ? stream_of({text_chunk("one"), finish_chunk(), usage_chunk(3, 2), "[DONE]"})
                          : answer_with(200, completion("hello", 30, 20)));
  it.journal->full = true;
  it.send(stream);
  check_failure(it.caller->read_response(), 503, "PLATFORM_DEPENDENCY_UNAVAILABLE");
  CHECK(it.upstream.requests().size() == 1);
  // The next one is refused at once.
  check_failure(it.gateway.complete(it.key.at("key"), chat_body()), 503, "PLATFORM_DEPENDENCY_UNAVAILABLE");
  CHECK(it.upstream.requests().size() == 1);
  it.journal->full = false;
  const auto record = it.gateway.wait_for_record("mine");
  CHECK(record.at("status") == 503);
  CHECK(record.at("error_code") == "PLATFORM_DEPENDENCY_UNAVAILABLE");
  CHECK(record.at("counted") == true);
  CHECK(record.at("attempts") == 1);
  const auto used = it.gateway.usage(it.key);
  CHECK(used.at("daily_tokens").at("used") == record.at("total_tokens"));
  CHECK(used.at("daily_tokens").at("held") == 0);
  CHECK(used.at("daily_requests").at("used") == 1);
}

TEST_CASE("with async durability nothing waits for the record", "[acceptance]") {
  durable_fixture it(audit_durability::async);
  gate committed;
  it.journal->before_admitted = [&] { committed.pass(); };
  it.send(false);
  CHECK(it.caller->read_response().status == 200);
  CHECK(it.journal->of("mine").empty());
  committed.open();
  CHECK(it.gateway.wait_for_record("mine").at("status") == 200);
}

TEST_CASE("a stream is in the journal as admitted, with what it may use, while it runs", "[acceptance]") {
  durable_fixture it(GENERATE(audit_durability::grouped, audit_durability::strict));
  gate go_on;
  it.upstream.next([go_on](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(text_chunk("one"));
    go_on.pass();
    for (const auto& event : {finish_chunk(), usage_chunk(3, 2), std::string("[DONE]")}) talk.send_event(event);
    talk.finish_events();
  });
  it.send(true);
  CHECK(it.caller->read_head().status == 200);
  REQUIRE(it.caller->read_event());
  const auto running = it.journal->of("mine");
  REQUIRE(running.size() == 1);
  CHECK(running[0].what == audit_entry::phase::admitted);
  CHECK(running[0].record.tenant_id == "acme");
  CHECK(running[0].record.key_id == it.key.at("key_id").get<std::string>());
  CHECK(running[0].record.model == "gpt");
  CHECK(running[0].held.tokens > 4096);
  CHECK(it.gateway.audit("acme", "&request_id=mine").empty());
  go_on.open();
  CHECK(it.read_events().back() == "[DONE]");
  CHECK(it.gateway.wait_for_record("mine").at("total_tokens") == 5);
  const auto all = it.journal->of("mine");
  REQUIRE(all.size() == 2);
  CHECK(all[1].what == audit_entry::phase::settled);
  CHECK(all[1].record.id == all[0].record.id);
}

} // namespace
} // namespace gateway
