#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <functional>

namespace gateway {
namespace {

TEST_CASE("what an upstream says in between is not its answer, and the next caller does not get that", "[acceptance]") {
  scripted_upstream upstream;
  gateway_fixture gateway;
  gateway.add_upstream(upstream.base_url());
  gateway.open();
  const auto key = gateway.make_key();
  const auto pieces = GENERATE(true, false);
  upstream.next([pieces](upstream_talk& talk) {
    const std::string between =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\nLink: </a>\r\n\r\n";
    const auto body = completion("the first");
    const auto answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    if (!pieces) {
      talk.send(between + answer);
      return;
    }
    talk.send(between);
    for (const auto each : answer) talk.send(std::string(1, each));
  });
  upstream.next(answer_with(200, completion("the second")));
  for (const auto* text : {"the first", "the second"}) {
    const auto answer = gateway.complete(key.at("key"), chat_body());
    CHECK(answer.status == 200);
    CHECK_THAT(answer.body, Catch::Contains(text));
  }
}

} // namespace
} // namespace gateway
