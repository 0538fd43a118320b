#include "domain/retry/call_plan.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;

failure unavailable_with(int status, std::chrono::milliseconds wait = 0ms) {
  failure why;
  why.code = ec::upstream_unavailable;
  why.upstream_status = status;
  why.retry_after = wait;
  return why;
}

failure limited(std::chrono::milliseconds wait) {
  failure why;
  why.code = ec::upstream_rate_limited;
  why.upstream_status = 429;
  why.retry_after = wait;
  return why;
}

failure timeout_in(const std::string& phase) {
  failure why;
  why.code = ec::upstream_timeout;
  why.details = {{"phase", phase}};
  return why;
}

failure rejected(bool context_length) {
  failure why;
  why.code = ec::upstream_rejected;
  why.upstream_status = 400;
  why.context_length = context_length;
  return why;
}

failure nobody_left() { return unavailable_with(0); }

route_map sample_routes() {
  route_map routes;
  for (const auto* name : {"main", "spare", "last", "large"})
    routes[name].targets = {{.upstream = name, .model = {}}, {.upstream = "other", .model = {}}};
  routes["main"].fallbacks = {"spare", "secret"};
  routes["main"].context_window_fallbacks = {"large"};
  routes["spare"].fallbacks = {"main", "last"};
  routes["spare"].retries = 0;
  routes["last"].retries = 0;
  return routes;
}

struct planning {
  route_table routes{sample_routes()};
  retry_settings settings{};
  std::mt19937_64 random{7};
  call_plan plan{
      routes, settings, "main", *routes.find("main"), [](std::string_view model) { return model != "secret"; }, random};
  picked_target where{.target = 3, .credential = 1, .way = nullptr, .upstream = {}, .upstream_model = {}};

  next_step fails(failure why, std::chrono::milliseconds left = 60s) {
    plan.picked();
    return plan.failed(where, std::move(why), left);
  }
  next_step no_target(failure why = nobody_left()) { return plan.no_target(std::move(why), 60s); }
  std::string model() const { return plan.wish().model; }
};

TEST_CASE("a failed call goes to another target at once, and to the same after a wait") {
  planning it;
  CHECK(it.plan.wish().excluded.empty());
  CHECK_FALSE(it.plan.wish().repeats);
  const auto next = it.fails(unavailable_with(503));
  CHECK(next.goes_on);
  CHECK(next.wait == 0ms);
  const auto wish = it.plan.wish();
  CHECK(wish.repeats);
  REQUIRE(wish.excluded.size() == 1);
  CHECK(wish.excluded[0].target == 3);
  CHECK_FALSE(wish.excluded[0].credential);
  const auto later = it.no_target();
  CHECK(later.goes_on);
  CHECK(later.wait <= it.settings.base_delay);
  CHECK(it.plan.wish().excluded.empty());
}

TEST_CASE("a wait is as long as the provider says, where that fits") {
  planning it;
  it.fails(limited(2s));
  CHECK(it.plan.wish().excluded.at(0).credential == 1U);
  const auto next = it.no_target();
  CHECK(next.wait >= 2s);
  CHECK(next.wait < 2s + it.settings.max_delay);
}

TEST_CASE("a provider that asks for more patience than there is is left for another model") {
  planning it;
  SECTION("more than the config allows") {
    it.fails(limited(it.settings.max_wait + 1s));
    it.no_target();
  }
  SECTION("more than the request has") {
    it.fails(limited(5s));
    it.plan.no_target(nobody_left(), 4s);
  }
  CHECK(it.model() == "spare");
}

TEST_CASE("a silent target is not asked again in the same request") {
  const auto phase = GENERATE("connect", "first_byte", "first_token");
  planning it;
  CHECK(it.fails(timeout_in(phase)).goes_on);
  it.no_target();
  CHECK(it.model() == "spare");
  REQUIRE(it.plan.wish().excluded.size() == 1);
  CHECK(it.plan.wish().excluded[0].target == 3);
}

TEST_CASE("a target without a free connection is passed over, which uses up nothing") {
  planning it;
  auto busy = overloaded("busy");
  busy.unsent = true;
  const auto next = it.fails(busy);
  CHECK(next.goes_on);
  CHECK(next.wait == 0ms);
  CHECK_FALSE(it.plan.wish().repeats);
  REQUIRE(it.plan.wish().excluded.size() == 1);
  CHECK(it.plan.wish().excluded[0].target == 3);
  CHECK(it.no_target().goes_on);
  CHECK(it.model() == "spare");
  CHECK(it.plan.last_failure().code == ec::overloaded);
}

TEST_CASE("an answer that there is no room for is not asked for again") {
  planning it;
  CHECK_FALSE(it.fails(overloaded("too many bytes")).goes_on);
  CHECK(it.plan.last_failure().code == ec::overloaded);
}

TEST_CASE("when the total time is over nothing helps") {
  planning it;
  CHECK_FALSE(it.fails(timeout_in("total")).goes_on);
  CHECK_FALSE(it.fails(unavailable_with(503), 0ms).goes_on);
}

TEST_CASE("a key that was refused is not used again, another one is") {
  planning it;
  CHECK(it.fails(unavailable_with(401)).goes_on);
  CHECK(it.plan.wish().excluded.at(0).credential == 1U);
  it.no_target();
  CHECK(it.model() == "spare");
  CHECK(it.plan.wish().excluded.size() == 1);
}

TEST_CASE("retries are counted for each model, then come its fallbacks, those it may use, each once") {
  planning it;
  CHECK(it.fails(unavailable_with(500)).goes_on);
  CHECK(it.fails(unavailable_with(500)).goes_on);
  CHECK(it.model() == "main");
  CHECK(it.fails(unavailable_with(500)).goes_on);
  CHECK(it.model() == "spare");
  CHECK_FALSE(it.plan.wish().repeats);
  CHECK(it.fails(unavailable_with(500)).goes_on);
  CHECK(it.model() == "last");
  const auto end = it.fails(unavailable_with(529));
  CHECK_FALSE(end.goes_on);
  CHECK(it.plan.last_failure().upstream_status == 529);
}

TEST_CASE("what the caller did wrong is not repeated") {
  planning it;
  CHECK_FALSE(it.fails(rejected(false)).goes_on);
  CHECK_FALSE(it.fails(fail(ec::quota_exceeded, "enough").value()).goes_on);
}

TEST_CASE("a prompt that is too long goes to a larger model, and only there") {
  planning it;
  CHECK(it.fails(rejected(true)).goes_on);
  CHECK(it.model() == "large");
  CHECK_FALSE(it.fails(rejected(true)).goes_on);
}

TEST_CASE("without room in the retry budget a request goes on with another model") {
  planning it;
  it.fails(unavailable_with(500));
  const auto next = it.no_target(fail(ec::rate_limited, "too many").value());
  CHECK(next.goes_on);
  CHECK(next.wait == 0ms);
  CHECK(it.model() == "spare");
  CHECK(it.plan.last_failure().upstream_status == 500);
}

TEST_CASE("a request that finds its only target resting waits for it, and fails as limited when that does not fit") {
  planning it;
  CHECK(it.no_target(limited(1s)).wait >= 1s);
  CHECK(it.model() == "main");
  it.no_target(limited(1h));
  CHECK(it.model() == "spare");
  it.no_target(limited(1h));
  it.no_target(limited(1h));
  CHECK(it.plan.last_failure().code == ec::upstream_rate_limited);
}

TEST_CASE("a fallback that is named by an alias is allowed where its model is") {
  auto named = sample_routes();
  named["last"].aliases = {"lasting"};
  named["main"].fallbacks = {"lasting"};
  named["main"].retries = 0;
  const route_table routes(named);
  const retry_settings settings;
  std::mt19937_64 random{7};
  call_plan plan(
      routes, settings, "main", *routes.find("main"), [](std::string_view model) { return model == "last"; }, random);
  const picked_target where{};
  plan.picked();
  CHECK(plan.failed(where, unavailable_with(500), 60s).goes_on);
  CHECK(plan.wish().model == "lasting");
}

TEST_CASE("statuses that no repeat mends are taken elsewhere") {
  planning it;
  CHECK(it.fails(unavailable_with(501)).goes_on);
  it.no_target();
  CHECK(it.model() == "spare");
  CHECK(it.plan.wish().excluded.size() == 1);
}

} // namespace
} // namespace gateway
