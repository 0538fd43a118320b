#include "actors/auth.hpp"
#include "actors/keys.hpp"
#include "tests/actors/keys_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

tenant_limits limits_of(std::uint64_t daily_requests) {
  tenant_limits limits;
  limits.daily_requests = daily_requests;
  return limits;
}

struct tenant_fixture : keys_fixture {
  pending_answer<changed_tenant> limit(std::uint64_t daily_requests, const std::string& tenant_id = "acme") {
    auto answer = begin_ask<changed_tenant>(*this, desk, tenant_atom::value, tenant_id, limits_of(daily_requests));
    run();
    return answer;
  }
};

TEST_CASE_METHOD(tenant_fixture, "new limits of a tenant are told to every AUTH, for each of its keys and no other") {
  REQUIRE(ask<issued_key>(desk, create_atom::value, wish("second"), noon));
  auto foreign = wish("foreign");
  foreign.tenant_id = "other";
  REQUIRE(ask<issued_key>(desk, create_atom::value, foreign, noon));
  left.script->heard.clear();
  right.script->heard.clear();
  auto answer = limit(5);
  REQUIRE(went_well(answer));
  CHECK_FALSE((*answer)->value().before.has_value());
  CHECK((*answer)->value().now == limits_of(5));
  for (const auto* each : {&left, &right}) {
    CHECK(each->heard() == std::vector<std::string>{"mine", "second"});
    for (const auto& change : each->script->heard) CHECK(*change.now->who.tenant == limits_of(5));
    CHECK(each->script->heard[0].now->who.tenant == each->script->heard[1].now->who.tenant);
  }
}

TEST_CASE_METHOD(tenant_fixture, "the operator hears of new limits when every AUTH has confirmed them") {
  hold_confirmations();
  auto answer = limit(5);
  left.script->confirm();
  run();
  CHECK_FALSE(answer->has_value());
  right.script->confirm();
  run();
  CHECK(went_well(answer));
}

TEST_CASE_METHOD(tenant_fixture, "an AUTH that is silent leaves new limits stored and unconfirmed") {
  hold_confirmations();
  auto answer = limit(5);
  left.script->confirm();
  advance(5s);
  REQUIRE(was_refused(answer, ec::dependency_unavailable));
  CHECK((*answer)->error().message.find("stored") != std::string::npos);
  CHECK(store->inner().tenants().value().at("acme") == limits_of(5));
}

TEST_CASE_METHOD(tenant_fixture, "whatever is handed out has the limits of its tenant from then on") {
  REQUIRE(went_well(limit(5)));
  CHECK(*ask<key_record>(desk, find_atom::value, std::string("mine"))->who.tenant == limits_of(5));
  REQUIRE(went_well(rename("new")));
  CHECK(*left.script->heard.back().now->who.tenant == limits_of(5));
  REQUIRE(ask<issued_key>(desk, create_atom::value, wish("second"), noon));
  CHECK(left.script->heard.back().now->who.tenant == left.script->heard.front().now->who.tenant);
  auto all = ask<key_snapshot>(desk, subscribe_atom::value, left.actor);
  REQUIRE(all);
  for (const auto& key : **all) CHECK(*key.who.tenant == limits_of(5));
  auto shown = ask<tenant_record>(desk, tenant_atom::value, std::string("acme"));
  CHECK(shown->limits == limits_of(5));
  CHECK_FALSE(ask<tenant_record>(desk, tenant_atom::value, std::string("other"))->limits.has_value());
}

TEST_CASE_METHOD(tenant_fixture, "limits that the store refuses are told to nobody") {
  store->fails = [](std::size_t) { return true; };
  CHECK(was_refused(limit(5), ec::dependency_unavailable));
  CHECK(left.heard().empty());
}

TEST_CASE_METHOD(tenant_fixture, "until every AUTH has subscribed no tenant's limits are changed") {
  auto young = keep(system.spawn(keys, store, std::size_t{2}));
  REQUIRE(ask<key_snapshot>(young, subscribe_atom::value, left.actor));
  CHECK_FALSE(ask<changed_tenant>(young, tenant_atom::value, std::string("acme"), limits_of(5)));
  CHECK(store->inner().tenants()->empty());
}

TEST_CASE_METHOD(tenant_fixture, "a real AUTH lets keys in with the new limits, and leaves other tenants' alone") {
  auto foreign = wish("foreign");
  foreign.tenant_id = "other";
  const auto other = ask<issued_key>(desk, create_atom::value, foreign, noon);
  const auto mine = ask<issued_key>(desk, create_atom::value, wish("second"), noon);
  REQUIRE((other && mine));
  const auto guard = keep(system.spawn(auth));
  auto now = std::make_shared<roster>();
  now->keys = desk;
  self->send(guard, roster_atom::value, roster_ptr(now));
  run();
  const auto who = [&](const issued_key& key) {
    const auto found = ask<principal_ptr>(guard, authenticate_atom::value, digest_of(key.key.reveal()), noon);
    REQUIRE(found);
    return *found;
  };
  CHECK(who(*mine)->tenant == nullptr);
  REQUIRE(went_well(limit(5)));
  REQUIRE(who(*mine)->tenant);
  CHECK(*who(*mine)->tenant == limits_of(5));
  CHECK(who(*other)->tenant == nullptr);
}

} // namespace
} // namespace gateway
