#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"
#include "tests/tls/tls_server.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

using namespace test;

std::string whole(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

/// Answers every request with the same bytes; then, if it is to be cut, leaves without a farewell.
tls_server::script answering(std::string answer, bool cut = false) {
  return [=](tls_peer& peer, loopback_socket&) {
    std::string request;
    for (auto some = peer.receive(); !some.empty(); some = peer.receive()) {
      request += some;
      if (request.find("\r\n\r\n") == std::string::npos || !request.ends_with('}')) continue;
      request.clear();
      peer.send(answer);
      if (cut) return;
    }
  };
}

struct tls_upstream_fixture : gateway_fixture {
  upstream_spec& add_https(std::uint16_t its_port) {
    auto& spec = add_upstream("https://localhost:" + std::to_string(its_port) + "/v1");
    spec.trust.ca_file = trusted.file();
    return spec;
  }

  authority trusted;
};

TEST_CASE_METHOD(tls_upstream_fixture, "models behind https answer, and their connections are used again",
                 "[acceptance]") {
  tls_server provider(trusted.issue("localhost"), answering(whole(completion("in secret"))));
  settings.topology.workers = 1;
  add_https(provider.port());
  open();
  const auto key = make_key().at("key").get<std::string>();
  for (int i = 0; i < 3; ++i) {
    const auto answer = complete(key, chat_body());
    REQUIRE(answer.status == 200);
    CHECK(answer.body.find("in secret") != std::string::npos);
  }
  CHECK(provider.visit().secure);
  CHECK_THROWS(provider.visit(2, std::chrono::milliseconds(0)));
}

TEST_CASE_METHOD(tls_upstream_fixture, "an upstream that cannot prove its name is unavailable", "[acceptance]") {
  tls_server provider(trusted.issue("elsewhere.test"), answering(whole(completion("who am I"))));
  add_https(provider.port());
  open();
  const auto answer = complete(make_key().at("key"), chat_body());
  CHECK(answer.status == 502);
  CHECK(answer.json().at("error").at("code") == "UPSTREAM_UNAVAILABLE");
}

TEST_CASE_METHOD(tls_upstream_fixture, "an answer until the connection's end counts only with a farewell",
                 "[acceptance]") {
  // Without Content-Length only TLS tells the end of an answer from a cut.
  const auto body = completion("all of it");
  const auto answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body;
  tls_server provider(trusted.issue("localhost"), answering(answer, true));
  add_https(provider.port());
  open();
  CHECK(complete(make_key().at("key"), chat_body()).status == 502);
}

} // namespace
} // namespace gateway
