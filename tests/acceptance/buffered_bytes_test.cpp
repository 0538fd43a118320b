#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/metrics_fixture.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <string>

namespace gateway {
namespace {

constexpr std::uint64_t most = 1024 * 1024;

std::string body_of(std::size_t size) {
  return R"({"model":"gpt","messages":[{"role":"user","content":")" + std::string(size, 'x') + R"("}]})";
}

/// A gateway that may hold a megabyte, and an upstream that can be made to wait.
struct small_gateway {
  small_gateway() {
    gateway.settings.limits.request_bytes = most;
    gateway.settings.limits.buffered_bytes = most;
    gateway.settings.limits.answer_bytes = most / 2;
    gateway.add_upstream(upstream.base_url());
    gateway.open();
    key = gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_tokens", 100'000'000}}).at("key");
  }

  double buffered() const { return parse_samples(gateway.call("GET", "/metrics").body).at("gateway_buffered_bytes"); }
  header_list headers(std::size_t length) const {
    return {{"Authorization", "Bearer " + key},
            {"Content-Type", "application/json"},
            {"Content-Length", std::to_string(length)}};
  }

  scripted_upstream upstream;
  gateway_fixture gateway;
  std::string key;
};

TEST_CASE("a body for which there is no room is refused before it is sent, and taken when there is", "[acceptance]") {
  small_gateway it;
  gate answers;
  it.upstream.next([answers](upstream_talk& talk) {
    answers.pass();
    answer_with(200, completion("late"))(talk);
  });
  const auto large = body_of(900'000);
  auto first = std::async(std::launch::async, [&] { return it.gateway.complete(it.key, large); });
  it.upstream.wait_for_request();
  CHECK(it.buffered() >= 900'000);

  http_client second(it.gateway.port());
  REQUIRE(second.send(request_text("POST", "/v1/chat/completions", it.headers(900'000))));
  const auto refused = second.read_response();
  check_failure(refused, 503, "PLATFORM_OVERLOADED");
  CHECK(refused.header("Retry-After") == "1");
  CHECK(second.is_closed());
  CHECK(it.gateway.complete(it.key, body_of(1000)).status == 200);

  answers.open();
  CHECK(first.get().status == 200);
  CHECK(it.gateway.complete(it.key, large).status == 200);
  CHECK(it.buffered() == 0);
}

TEST_CASE("who sends all of a body that is refused still sees why", "[acceptance]") {
  small_gateway it;
  http_client caller(it.gateway.port());
  const std::string body(4 * most, 'x');
  caller.send(request_text("POST", "/v1/chat/completions", it.headers(body.size()), body));
  check_failure(caller.read_response(), 413, "PLATFORM_REQUEST_TOO_LARGE");
}

TEST_CASE("an answer that is too large is the upstream's fault, and one for which there is no room the gateway's",
          "[acceptance]") {
  small_gateway it;
  it.upstream.next(answer_with(200, completion(std::string(most / 2, 'x'))));
  check_failure(it.gateway.complete(it.key, body_of(10)), 502, "UPSTREAM_UNAVAILABLE");
  it.upstream.next(answer_with(200, completion(std::string(400'000, 'x'))));
  check_failure(it.gateway.complete(it.key, body_of(900'000)), 503, "PLATFORM_OVERLOADED");
  it.upstream.next(answer_with(200, completion(std::string(400'000, 'x'))));
  CHECK(it.gateway.complete(it.key, body_of(10)).status == 200);
  CHECK(it.buffered() == 0);
}

} // namespace
} // namespace gateway
