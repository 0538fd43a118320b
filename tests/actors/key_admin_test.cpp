#include "actors/key_admin.hpp"

#include "tests/actors/fakes/key_store.hpp"
#include "tests/domain/keys/sample_key.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

struct desk {
  std::shared_ptr<flaky_key_store> store = std::make_shared<flaky_key_store>();
  key_admin admin{store};

  new_key wish(std::string tenant_id) {
    new_key wanted;
    wanted.tenant_id = std::move(tenant_id);
    wanted.quota = {10, 2000};
    return wanted;
  }
};

TEST_CASE_METHOD(desk, "a new key is kept as digest and hint, and shown once") {
  auto wanted = wish("acme");
  wanted.rest.name = "laptop";
  wanted.rest.models = {"gpt-*"};
  auto issued = admin.create(wanted, noon);
  REQUIRE(issued);
  CHECK(issued->key.reveal().starts_with("gw_"));
  auto kept = store->inner().find(issued->record.who.key_id);
  REQUIRE(kept);
  CHECK(*kept == issued->record);
  REQUIRE(kept->secrets.size() == 1);
  CHECK(kept->secrets[0].digest == digest_of(issued->key.reveal()));
  CHECK(kept->secrets[0].hint == hint_of(issued->key.reveal()));
  CHECK_FALSE(kept->secrets[0].valid_until.has_value());
  CHECK(kept->who.tenant_id == "acme");
  CHECK(kept->who.quota == daily_quota{10, 2000});
  CHECK(kept->who.models == std::vector<std::string>{"gpt-*"});
  CHECK(kept->name == "laptop");
  CHECK(kept->active);
  CHECK(kept->created_at == noon);
  CHECK(kept->updated_at == noon);
}

TEST_CASE_METHOD(desk, "two new keys differ in key_id and secret") {
  auto one = admin.create(wish("acme"), noon);
  auto two = admin.create(wish("acme"), noon);
  REQUIRE((one && two));
  CHECK(one->record.who.key_id.size() == 36);
  CHECK(one->record.who.key_id != two->record.who.key_id);
  CHECK(one->key.reveal() != two->key.reveal());
}

TEST_CASE_METHOD(desk, "a key_id that is taken is a conflict, and its key stays as it was") {
  auto wanted = wish("acme");
  wanted.key_id = "mine";
  auto first = admin.create(wanted, noon);
  REQUIRE(first);
  wanted.tenant_id = "globex";
  auto second = admin.create(wanted, noon + 1h);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ec::conflict);
  CHECK(*store->inner().find("mine") == first->record);
}

TEST_CASE_METHOD(desk, "a change touches what it names, and stamps the record") {
  auto wanted = wish("acme");
  wanted.key_id = "mine";
  wanted.rest.expires_at = noon + 24h;
  REQUIRE(admin.create(wanted, noon));
  key_changes changes;
  changes.active = false;
  changes.expires_at = std::optional<timestamp>{};
  auto changed = admin.update("mine", changes, noon + 1h);
  REQUIRE(changed);
  CHECK(changed->before.active);
  CHECK(changed->before.updated_at == noon);
  CHECK_FALSE(changed->now.active);
  CHECK_FALSE(changed->now.who.expires_at.has_value());
  CHECK(changed->now.who.quota == daily_quota{10, 2000});
  CHECK(changed->now.created_at == noon);
  CHECK(changed->now.updated_at == noon + 1h);
  CHECK(*store->inner().find("mine") == changed->now);
}

TEST_CASE_METHOD(desk, "a rotation shows a new secret, and keeps key_id, limits and the old secret for its grace") {
  auto first = admin.create(wish("acme"), noon);
  REQUIRE(first);
  auto second = admin.rotate(first->record.who.key_id, 1h, noon + 5min);
  REQUIRE(second);
  CHECK(second->record.who == first->record.who);
  REQUIRE(second->record.secrets.size() == 2);
  CHECK(second->record.secrets[0].digest == digest_of(second->key.reveal()));
  CHECK(second->record.secrets[1].digest == digest_of(first->key.reveal()));
  CHECK(second->record.secrets[1].valid_until == noon + 1h + 5min);
  CHECK(second->before == first->record);
  CHECK(*store->inner().find(first->record.who.key_id) == second->record);
}

TEST_CASE_METHOD(desk, "what is not there cannot be changed, rotated or erased") {
  CHECK(admin.update("gone", {}, noon).error().code == ec::not_found);
  CHECK(admin.rotate("gone", 0s, noon).error().code == ec::not_found);
  CHECK(admin.erase("gone").error().code == ec::not_found);
}

TEST_CASE_METHOD(desk, "whichever call of the store fails, the failure comes through and nothing is changed") {
  auto wanted = wish("acme");
  wanted.key_id = "mine";
  auto before = admin.create(wanted, noon);
  REQUIRE(before);
  auto which = GENERATE(1u, 2u);
  store->calls = 0;
  store->fails = [which](std::size_t call) { return call == which; };
  key_changes changes;
  changes.name = "other";
  auto updated = admin.update("mine", changes, noon);
  CHECK(updated.error().code == ec::dependency_unavailable);
  store->calls = 0;
  CHECK(admin.rotate("mine", 0s, noon).error().code == ec::dependency_unavailable);
  CHECK(*store->inner().find("mine") == before->record);
}

struct tenant_desk : desk {
  tenant_limits limits;

  tenant_desk() {
    limits.daily_requests = 5;
    limits.limits.budget_per_month = 1'000'000;
    limits.time_zone = "Europe/Berlin";
  }

  key_record make(std::string tenant_id) {
    auto issued = admin.create(wish(std::move(tenant_id)), noon);
    REQUIRE(issued);
    return issued->record;
  }
};

TEST_CASE_METHOD(tenant_desk, "every key that is handed out has its tenant's limits, all of them the same value") {
  const auto old_key = make("acme");
  CHECK(old_key.who.tenant == nullptr);
  REQUIRE(admin.set_limits("acme", limits));
  const auto id = old_key.who.key_id;
  const auto found = admin.find(id)->who.tenant;
  REQUIRE(found);
  CHECK(*found == limits);
  CHECK(make("acme").who.tenant == found);
  CHECK(admin.update(id, {}, noon)->now.who.tenant == found);
  CHECK(admin.rotate(id, 1h, noon)->record.who.tenant == found);
  const auto all = admin.all();
  REQUIRE(all);
  for (const auto& each : *all) CHECK(each.who.tenant == found);
  const auto page = admin.list({});
  REQUIRE(page);
  for (const auto& each : page->keys) CHECK(each.who.tenant == found);
  CHECK(make("other").who.tenant == nullptr);
}

TEST_CASE_METHOD(tenant_desk, "a change of a tenant's limits shows what they were, and whom they concern") {
  const auto mine = make("acme");
  make("other");
  const auto first = admin.set_limits("acme", limits);
  REQUIRE(first);
  CHECK_FALSE(first->limits.before.has_value());
  CHECK(first->limits.now == limits);
  REQUIRE(first->keys.size() == 1);
  CHECK(first->keys[0].who.key_id == mine.who.key_id);
  CHECK(*first->keys[0].who.tenant == limits);
  const auto second = admin.set_limits("acme", {});
  REQUIRE(second);
  CHECK(second->limits.before == limits);
  CHECK(*second->keys[0].who.tenant == tenant_limits{});
  CHECK(*admin.limits_of("acme") == tenant_limits{});
  CHECK_FALSE(admin.limits_of("other")->has_value());
}

TEST_CASE_METHOD(tenant_desk, "a change of more keys than a page has concerns them all") {
  auto key = make("acme");
  for (int i = 0; i < 1000; ++i) {
    key.who.key_id = "key-" + std::to_string(i);
    key.secrets.clear();
    REQUIRE(store->inner().insert(key));
  }
  CHECK(admin.set_limits("acme", limits)->keys.size() == 1001);
}

TEST_CASE_METHOD(tenant_desk, "limits that are stored are known to the next life") {
  const auto id = make("acme").who.key_id;
  REQUIRE(admin.set_limits("acme", limits));
  key_admin next(store);
  CHECK(*next.find(id)->who.tenant == limits);
}

TEST_CASE_METHOD(tenant_desk, "whichever call of the store fails, the limits of a tenant stay as they were") {
  const auto id = make("acme").who.key_id;
  auto which = GENERATE(1u, 2u);
  store->calls = 0;
  store->fails = [which](std::size_t call) { return call == which; };
  CHECK(admin.set_limits("acme", limits).error().code == ec::dependency_unavailable);
  store->fails = [](std::size_t) { return false; };
  CHECK(admin.find(id)->who.tenant == nullptr);
  CHECK(store->inner().tenants()->empty());
}

} // namespace
} // namespace gateway
