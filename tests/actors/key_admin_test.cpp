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
  CHECK_FALSE(changed->active);
  CHECK_FALSE(changed->who.expires_at.has_value());
  CHECK(changed->who.quota == daily_quota{10, 2000});
  CHECK(changed->created_at == noon);
  CHECK(changed->updated_at == noon + 1h);
  CHECK(*store->inner().find("mine") == *changed);
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

} // namespace
} // namespace gateway
