#include "tests/actors/chat_upstream_fixture.hpp"

namespace gateway {
namespace {

using namespace test;

TEST_CASE_METHOD(chat_upstream_fixture,
                 "a target whose breaker is open is passed over, and used again when it is back") {
  failed("a");
  failed("a");
  CHECK(upstream_of("ordered") == "a");
  CHECK(events.empty());
  failed("a", start + 1s);
  CHECK(events == std::vector<std::string>{"breaker_opened a: connection refused"});
  CHECK(upstream_of("ordered", {}, start + 1s) == "b");
  CHECK(upstream_of("ordered", {}, start + 11s - 1ms) == "b");
  auto probe = pick("ordered", {}, start + 11s);
  REQUIRE(probe);
  CHECK(probe->upstream == "a");
  CHECK(probe->probe);
  CHECK(upstream_of("ordered", {}, start + 11s) == "b");
  report({.target = probe->target, .probe = true, .how = verdict::answered}, start + 12s);
  CHECK(events.back() == "breaker_closed a: ");
  CHECK(upstream_of("ordered", {}, start + 12s) == "a");
}

TEST_CASE_METHOD(chat_upstream_fixture, "with every breaker open a pick fails at once, and says for how long") {
  for (int i = 0; i < 3; ++i) failed("a");
  auto refused = pick("ordered", {"b"}, start + 4s);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::upstream_unavailable);
  CHECK(refused.error().retry_after == 6s);
}

TEST_CASE_METHOD(chat_upstream_fixture,
                 "a key that is rate limited rests, and with all of them resting so does the target") {
  const auto a = number_of("a");
  CHECK(pick("ordered")->credential == 0);
  report({.target = a, .credential = 0, .how = verdict::declined, .rest = 2s});
  CHECK(pick("ordered")->credential == 1);
  CHECK(pick("ordered")->credential == 1);
  report({.target = a, .credential = 1, .how = verdict::declined, .rest = 5s});
  CHECK(upstream_of("ordered") == "b");
  auto refused = pick("ordered", {"b"}, start + 1s);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::upstream_rate_limited);
  CHECK(refused.error().retry_after == 1s);
  CHECK(pick("ordered", {}, start + 2s)->credential == 0);
  CHECK(status_of("a").credentials_resting == 2);
}

TEST_CASE_METHOD(chat_upstream_fixture, "a key that the provider refuses is set aside, and reported once") {
  const auto a = number_of("a");
  report({.target = a, .credential = 0, .how = verdict::declined, .error = "status 401", .credential_refused = true});
  report({.target = a, .credential = 0, .how = verdict::declined, .error = "status 401", .credential_refused = true});
  CHECK(events == std::vector<std::string>{"credential_set_aside a: key 1 of 2: status 401"});
  for (int i = 0; i < 4; ++i) CHECK(pick("ordered")->credential == 1);
  CHECK(status_of("a").credentials == 2);
  CHECK(status_of("a").credentials_set_aside == 1);
}

TEST_CASE_METHOD(chat_upstream_fixture, "repeated calls need room in the retry budget, first calls do not") {
  pick_request again{"echo", {}, true};
  std::size_t granted = 0;
  for (int i = 0; i < 1000; ++i) {
    auto picked = ask<picked_target>(guide, pick_atom::value, again, start);
    if (picked) ++granted;
    if (!picked) CHECK(picked.error().code == ec::rate_limited);
  }
  // Ten a second, over the ten seconds that the budget looks at.
  CHECK(granted == 100);
  CHECK(pick("echo"));
}

} // namespace
} // namespace gateway
