#include "storage/key_store.hpp"

#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"
#include "tests/storage/twins.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace gateway {

namespace {

struct opened_twin {
  temporary_directory directory;
  twin<key_store> which = GENERATE(from_range(key_twins()));
  std::unique_ptr<key_store> store = which.open(directory.path());
};

std::vector<std::string> ids_of(const std::vector<key_record>& keys) {
  std::vector<std::string> ids;
  ids.reserve(keys.size());
  for (const auto& key : keys) ids.push_back(key.who.key_id);
  return ids;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(opened_twin, "a key comes back as it was stored, whatever is in it") {
  INFO(which.name);
  auto key = sample_key("key-1", "acme", 1);
  SECTION("with nothing optional") {}
  SECTION("with all of it") {
    key.who.limits = {60, 90'000, 4, 100'000, std::nullopt};
    key.who.models = {"gpt-4o-mini", "openai/*", ""};
    key.who.expires_at = sample_moment(std::chrono::hours{1});
    key.name = "the \"first\" key; DROP TABLE keys";
    key.active = false;
    key.metadata = {{"team", "caf\xc3\xa9"}, {"", "\n\t"}, {"quote", "'\""}};
    key.updated_at = sample_moment(std::chrono::milliseconds{1});
    key.secrets.push_back({sample_digest(2), "cd-Y", sample_moment(std::chrono::hours{2})});
    key.secrets.push_back({sample_digest(3), "", std::nullopt});
  }
  SECTION("with the largest counts and moments beyond any calendar") {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    key.who.quota = {most, most - 1};
    key.who.limits.tokens_per_minute = most;
    key.who.limits.budget_per_day = std::numeric_limits<std::uint64_t>::max();
    key.who.expires_at = timestamp::max();
    key.created_at = timestamp::min();
  }
  SECTION("with bytes that end other texts") { key.name = std::string("a\0b", 3); }
  SECTION("without a secret") { key.secrets.clear(); }
  REQUIRE(store->insert(key));
  CHECK(store->find("key-1").value() == key);
  CHECK(store->all().value() == std::vector{key});
}

TEST_CASE_METHOD(opened_twin, "what is not there is not found") {
  INFO(which.name);
  CHECK(store->find("key-1").error().code == ec::not_found);
  CHECK(store->update(sample_key("key-1", "acme", 1)).error().code == ec::not_found);
  CHECK(store->erase("key-1").error().code == ec::not_found);
  CHECK(store->all().value().empty());
  CHECK(store->list({}).value().keys.empty());
  CHECK(store->check());
}

TEST_CASE_METHOD(opened_twin, "a key_id is taken once") {
  INFO(which.name);
  const auto first = sample_key("key-1", "acme", 1);
  REQUIRE(store->insert(first));
  const auto again = store->insert(sample_key("key-1", "other", 2));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ec::conflict);
  CHECK(again.error().param == "key_id");
  CHECK(store->all().value() == std::vector{first});
}

TEST_CASE_METHOD(opened_twin, "a secret opens one key") {
  INFO(which.name);
  const auto first = sample_key("key-1", "acme", 1);
  const auto second = sample_key("key-2", "acme", 2);
  REQUIRE(store->insert(first));
  REQUIRE(store->insert(second));

  SECTION("so a new key cannot have another's") {
    CHECK(store->insert(sample_key("key-3", "acme", 1)).error().code == ec::conflict);
  }
  SECTION("so a change cannot take another's") {
    auto changed = second;
    changed.name = "changed";
    changed.secrets.push_back({sample_digest(1), "ab_Z", std::nullopt});
    CHECK(store->update(changed).error().code == ec::conflict);
  }
  SECTION("and stands in it once") {
    auto twice = sample_key("key-3", "acme", 3);
    twice.secrets.push_back(twice.secrets.front());
    CHECK(store->insert(twice).error().code == ec::conflict);
  }
  CHECK(store->all().value() == std::vector{first, second});
}

TEST_CASE_METHOD(opened_twin, "an update replaces the whole key") {
  INFO(which.name);
  auto key = sample_key("key-1", "acme", 1);
  key.who.limits.requests_per_minute = 5;
  key.metadata = {{"a", "b"}};
  REQUIRE(store->insert(key));
  REQUIRE(store->insert(sample_key("key-2", "acme", 2)));

  auto changed = sample_key("key-1", "elsewhere", 9);
  changed.secrets.push_back({sample_digest(1), "ab_Z", sample_moment()});
  changed.active = false;
  REQUIRE(store->update(changed));
  CHECK(store->find("key-1").value() == changed);
  CHECK(store->find("key-2").value() == sample_key("key-2", "acme", 2));
}

TEST_CASE_METHOD(opened_twin, "an erased key is gone, and its key_id and its secret are free") {
  INFO(which.name);
  REQUIRE(store->insert(sample_key("key-1", "acme", 1)));
  REQUIRE(store->erase("key-1"));
  CHECK(store->find("key-1").error().code == ec::not_found);
  CHECK(store->insert(sample_key("key-1", "acme", 1)));
}

TEST_CASE_METHOD(opened_twin, "keys are listed in the order of their key_id, page by page") {
  INFO(which.name);
  for (const auto* id : {"b", "a", "B", "c", "\xc3\xa9"}) {
    REQUIRE(store->insert(sample_key(id, *id == 'c' ? "other" : "acme", static_cast<std::uint8_t>(*id))));
  }
  CHECK(ids_of(store->all().value()) == names{"B", "a", "b", "c", "\xc3\xa9"});

  const auto first = store->list({std::nullopt, "", 2}).value();
  CHECK(ids_of(first.keys) == names{"B", "a"});
  REQUIRE(first.next);
  const auto second = store->list({std::nullopt, *first.next, 2}).value();
  CHECK(ids_of(second.keys) == names{"b", "c"});
  REQUIRE(second.next);
  const auto third = store->list({std::nullopt, *second.next, 2}).value();
  CHECK(ids_of(third.keys) == names{"\xc3\xa9"});
  CHECK_FALSE(third.next);

  CHECK_FALSE(store->list({std::nullopt, "", 5}).value().next);
  CHECK(ids_of(store->list({std::nullopt, "aa", 1}).value().keys) == names{"b"});
}

TEST_CASE_METHOD(opened_twin, "a tenant's keys are listed without the others'") {
  INFO(which.name);
  for (std::uint8_t i = 0; i < 6; ++i) {
    REQUIRE(store->insert(sample_key("key-" + std::to_string(i), i % 2 == 0 ? "even" : "odd", i)));
  }
  const auto page = store->list({"odd", "", 2}).value();
  CHECK(ids_of(page.keys) == names{"key-1", "key-3"});
  CHECK(page.next == "key-3");
  const auto rest = store->list({"odd", "key-3", 2}).value();
  CHECK(ids_of(rest.keys) == names{"key-5"});
  CHECK_FALSE(rest.next);
  CHECK(store->list({"nobody", "", 2}).value().keys.empty());
}

} // namespace gateway
