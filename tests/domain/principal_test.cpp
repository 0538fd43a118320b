#include "domain/principal.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

principal allowed(std::vector<std::string> models) {
  principal who;
  who.models = std::move(models);
  return who;
}

} // namespace

TEST_CASE("a key without an allow list may use every model") { CHECK(may_use(allowed({}), "gpt-4o")); }

TEST_CASE("an allow list lets through its names and what its stars stand for") {
  const auto who = allowed({"gpt-4o-mini", "openai/*"});
  CHECK(may_use(who, "gpt-4o-mini"));
  CHECK(may_use(who, "openai/gpt-4o"));
  CHECK(may_use(who, "openai/"));
  CHECK_FALSE(may_use(who, "gpt-4o"));
  CHECK_FALSE(may_use(who, "gpt-4o-mini-2"));
  CHECK_FALSE(may_use(who, "GPT-4o-mini"));
  CHECK_FALSE(may_use(who, "anthropic/claude"));
  CHECK_FALSE(may_use(who, ""));
}

TEST_CASE("a star in the middle of an allow list entry is a plain character") {
  const auto who = allowed({"gpt-*-mini"});
  CHECK_FALSE(may_use(who, "gpt-4o-mini"));
  CHECK(may_use(who, "gpt-*-mini"));
}

TEST_CASE("a lone star in an allow list stands for every model") { CHECK(may_use(allowed({"*"}), "anything")); }

TEST_CASE("a change writes the fields it names and leaves the others alone") {
  const timestamp before{std::chrono::milliseconds{1000}};
  const timestamp now{std::chrono::milliseconds{2000}};
  key_record record;
  record.who.key_id = "key-1";
  record.who.quota = {10, 100};
  record.who.limits.requests_per_minute = 60;
  record.who.expires_at = before;
  record.name = "old";
  record.created_at = record.updated_at = before;
  record.metadata = {{"team", "a"}};

  key_changes changes;
  changes.name = "new";
  changes.daily_tokens = 500;
  changes.models = {"echo"};
  changes.active = false;
  auto expected = record;
  expected.name = "new";
  expected.who.quota.tokens = 500;
  expected.who.models = {"echo"};
  expected.active = false;
  expected.updated_at = now;

  apply(changes, record, now);
  CHECK(record == expected);
}

TEST_CASE("a change can take a limit and the expiry away") {
  key_record record;
  record.who.limits = {60, 1000, 5, 2'500'000, std::nullopt};
  record.who.expires_at = timestamp{std::chrono::milliseconds{5}};
  key_changes changes;
  changes.requests_per_minute.emplace(std::nullopt);
  changes.tokens_per_minute.emplace(2000);
  changes.budget_per_day.emplace(std::nullopt);
  changes.expires_at.emplace(std::nullopt);
  apply(changes, record, timestamp{});
  CHECK(record.who.limits == rate_limits{std::nullopt, 2000, 5, std::nullopt, std::nullopt});
  CHECK_FALSE(record.who.expires_at);
}

TEST_CASE("an empty change only stamps the record") {
  key_record record;
  record.name = "same";
  auto expected = record;
  expected.updated_at = timestamp{std::chrono::milliseconds{7}};
  apply(key_changes{}, record, expected.updated_at);
  CHECK(record == expected);
}
