#include "http/journey/credentials.hpp"

#include "domain/api_key.hpp"
#include "runtime/failure.hpp"
#include "tests/http/service_fixture.hpp"
#include "tests/http/wire/sample_request.hpp"
#include "tests/http/wire/test_connection.hpp"

#include <caf/event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <map>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;
using headers = std::vector<std::pair<std::string, std::string>>;

/// AUTH that knows some keys, and counts the questions.
struct knocks {
  std::map<key_digest, principal_ptr> known;
  std::size_t count = 0;
};

caf::behavior doorkeeper(caf::event_based_actor*, std::shared_ptr<knocks> heard) {
  return {[heard](authenticate_atom, const key_digest& digest, timestamp) -> caf::result<principal_ptr> {
    ++heard->count;
    if (const auto found = heard->known.find(digest); found != heard->known.end()) return found->second;
    return to_error(fail(ec::invalid_api_key, "no").value());
  }};
}

struct credentials_fixture : service_fixture {
  credentials_fixture() {
    principal who;
    who.tenant_id = "acme";
    who.key_id = "k1";
    heard->known[digest_of("gw_key")] = std::make_shared<const principal>(who);
    auto people = std::make_shared<roster>();
    people->auth.push_back(caf::actor_cast<auth_actor>(keep(system.spawn(doorkeeper, heard))));
    house().people = people;
  }

  /// Whom AUTH recognised, or the code of the refusal.
  std::string who(const headers& sent) {
    auto line = std::make_shared<wire>(here.wheel());
    test_connection peer(line);
    responder reply(peer, here.wheel(), 10s, {.request_id = "r"});
    exchange talk(house(), sample_request("POST", "/chat", sent), reply);
    const auto known = run(authenticate(talk));
    CHECK(talk.record.key_id == (known ? "k1" : ""));
    CHECK(talk.record.tenant_id == (known ? "acme" : ""));
    return std::string(known ? (*known)->key_id : to_string(known.error().code));
  }

  std::shared_ptr<knocks> heard = std::make_shared<knocks>();
};

TEST_CASE_METHOD(credentials_fixture, "a key is taken from each of the headers that clients send it in") {
  CHECK(who({{"Authorization", "Bearer gw_key"}}) == "k1");
  CHECK(who({{"authorization", "bearer   gw_key"}}) == "k1");
  CHECK(who({{"AUTHORIZATION", "BEARER gw_key"}}) == "k1");
  CHECK(who({{"X-API-Key", "gw_key"}}) == "k1");
  CHECK(who({{"api-key", "gw_key"}}) == "k1");
}

TEST_CASE_METHOD(credentials_fixture, "Authorization counts before X-API-Key, and that before api-key") {
  CHECK(who({{"Authorization", "Bearer gw_key"}, {"X-API-Key", "other"}}) == "k1");
  CHECK(who({{"Authorization", "Bearer other"}, {"X-API-Key", "gw_key"}}) == "PLATFORM_AUTH_INVALID_API_KEY");
  CHECK(who({{"X-API-Key", "gw_key"}, {"api-key", "other"}}) == "k1");
}

TEST_CASE_METHOD(credentials_fixture, "another scheme of Authorization is not a key, and leaves room for one") {
  CHECK(who({{"Authorization", "Basic Z3dfa2V5"}}) == "PLATFORM_AUTH_MISSING_API_KEY");
  CHECK(who({{"Authorization", "Basic Z3dfa2V5"}, {"X-API-Key", "gw_key"}}) == "k1");
  CHECK(who({{"Authorization", "gw_key"}}) == "PLATFORM_AUTH_MISSING_API_KEY");
  CHECK(who({{"Authorization", "Bearergw_key"}}) == "PLATFORM_AUTH_MISSING_API_KEY");
}

TEST_CASE_METHOD(credentials_fixture, "who sends no key is refused without a question to AUTH") {
  const auto sent = GENERATE(headers{}, headers{{"Authorization", ""}}, headers{{"Authorization", "Bearer"}},
                             headers{{"Authorization", "Bearer "}}, headers{{"X-API-Key", ""}, {"api-key", ""}},
                             headers{{"Cookie", "gw_key"}}, headers{{"X-Admin-Token", "gw_key"}});
  CHECK(who(sent) == "PLATFORM_AUTH_MISSING_API_KEY");
  CHECK(heard->count == 0);
}

TEST_CASE_METHOD(credentials_fixture, "a wrong key is refused in AUTH's own words") {
  CHECK(who({{"X-API-Key", "gw_kez"}}) == "PLATFORM_AUTH_INVALID_API_KEY");
  CHECK(who({{"X-API-Key", "gw_ke"}}) == "PLATFORM_AUTH_INVALID_API_KEY");
}

TEST_CASE_METHOD(credentials_fixture, "without an AUTH the caller is told to come again") {
  house().people = std::make_shared<const roster>();
  CHECK(who({{"X-API-Key", "gw_key"}}) == "PLATFORM_DEPENDENCY_UNAVAILABLE");
}

} // namespace
} // namespace gateway
