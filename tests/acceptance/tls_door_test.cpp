#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/tls/certificates.hpp"
#include "tests/tls/tls_peer.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

namespace gateway {
namespace {

using namespace test;

/// A gateway that speaks HTTPS, under the name localhost.
struct https_gateway : gateway_fixture {
  https_gateway() {
    settings.listen.tls.certificate_file = own.certificate;
    settings.listen.tls.key_file = own.key;
  }
  void ask_for_certificates(client_certificates how) {
    settings.listen.tls.client_ca_file = trusted.file();
    settings.listen.tls.clients = how;
  }
  /// What a caller with this certificate is answered; empty when it is turned away.
  std::string answer_to(const certificate_files& shown = {}, const context_ptr& with = {}) const {
    const auto socket = loopback_socket::connect_to(port());
    tls_peer caller(socket, with ? with : client_context(trusted.file(), shown));
    if (!caller.connect()) return {};
    caller.send(request_text("GET", "/healthz", {{"Connection", "close"}}));
    const auto answer = caller.receive_all();
    if (!answer.empty()) CHECK(caller.was_ended());
    return answer;
  }
  /// Why the gateway cannot open.
  std::string trouble() {
    try {
      open();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }

  authority trusted;
  certificate_files own = trusted.issue("localhost");
};

TEST_CASE_METHOD(https_gateway, "callers over HTTPS are served, and told when it is over", "[acceptance]") {
  open();
  CHECK(answer_to().starts_with("HTTP/1.1 200 "));
}

TEST_CASE_METHOD(https_gateway, "one HTTPS connection serves request after request", "[acceptance]") {
  open();
  const auto socket = loopback_socket::connect_to(port());
  tls_peer caller(socket, client_context(trusted.file()));
  REQUIRE(caller.connect());
  std::string all;
  for (int i = 0; i < 20; ++i)
    all += request_text("GET", "/healthz", i == 19 ? header_list{{"Connection", "close"}} : header_list{});
  caller.send(all);
  const auto answers = caller.receive_all();
  std::size_t count = 0;
  for (auto at = answers.find("HTTP/1.1 200 "); at != std::string::npos; at = answers.find("HTTP/1.1 200 ", at + 1))
    ++count;
  CHECK(count == 20);
}

TEST_CASE_METHOD(https_gateway, "a large request and its answer pass over HTTPS whole", "[acceptance]") {
  open();
  const auto socket = loopback_socket::connect_to(port());
  tls_peer caller(socket, client_context(trusted.file()));
  REQUIRE(caller.connect());
  CHECK(caller.send(request_text("POST", "/nowhere", {{"Connection", "close"}}, std::string(4 << 20, 'x'))));
  CHECK(caller.receive_all().starts_with("HTTP/1.1 404 "));
  CHECK(caller.was_ended());
}

TEST_CASE_METHOD(https_gateway, "callers who offer less than TLS 1.2 are turned away", "[acceptance]") {
  open();
  const auto old = client_context(trusted.file());
  SSL_CTX_set_security_level(old.get(), 0);
  SSL_CTX_set_min_proto_version(old.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.get(), TLS1_1_VERSION);
  CHECK(answer_to({}, old).empty());
  SSL_CTX_set_max_proto_version(old.get(), TLS1_2_VERSION);
  CHECK(answer_to({}, old).starts_with("HTTP/1.1 200 "));
}

TEST_CASE_METHOD(https_gateway, "where certificates are required, who has no good one is turned away", "[acceptance]") {
  ask_for_certificates(client_certificates::required);
  open();
  const authority stranger;
  CHECK(answer_to(trusted.issue("caller")).starts_with("HTTP/1.1 200 "));
  CHECK(answer_to().empty());
  CHECK(answer_to(stranger.issue("caller")).empty());
}

TEST_CASE_METHOD(https_gateway, "where certificates are optional, only a bad one is turned away", "[acceptance]") {
  ask_for_certificates(client_certificates::optional);
  open();
  const authority stranger;
  CHECK(answer_to(trusted.issue("caller")).starts_with("HTTP/1.1 200 "));
  CHECK(answer_to().starts_with("HTTP/1.1 200 "));
  CHECK(answer_to(stranger.issue("caller")).empty());
}

TEST_CASE_METHOD(https_gateway, "who does not shake hands holds up nobody, and is let go", "[acceptance]") {
  settings.topology.workers = 1;
  settings.timeouts.client.header = std::chrono::milliseconds(500);
  open();
  auto silent = loopback_socket::connect_to(port());
  CHECK(answer_to().starts_with("HTTP/1.1 200 "));
  CHECK(silent.receive().empty());
}

TEST_CASE_METHOD(https_gateway, "who speaks plain HTTP to an HTTPS door is let go", "[acceptance]") {
  open();
  auto plain = loopback_socket::connect_to(port());
  plain.send(request_text("GET", "/healthz"));
  std::string got;
  for (auto some = plain.receive(); !some.empty(); some = plain.receive()) got += some;
  CHECK(got.find("200") == std::string::npos);
}

TEST_CASE_METHOD(https_gateway, "a session begun with one worker is resumed with another", "[acceptance]") {
  settings.topology.workers = 2;
  open();
  const auto context = client_context(trusted.file());
  SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION); // Its session is there right after the handshake.
  const auto first_socket = loopback_socket::connect_to(port());
  tls_peer first(first_socket, context);
  REQUIRE(first.connect());
  for (int i = 0; i < 8; ++i) {
    const auto socket = loopback_socket::connect_to(port());
    tls_peer next(socket, context);
    next.resume(first);
    REQUIRE(next.connect());
    CHECK(next.was_resumed());
  }
}

TEST_CASE_METHOD(https_gateway, "a file of no use keeps the door shut, and is named", "[acceptance]") {
  auto& tls = settings.listen.tls;
  SECTION("the certificate") {
    tls.certificate_file = data_directory() + "/none.pem";
    CHECK(trouble().starts_with("cannot use listen.tls.certificate_file " + tls.certificate_file.string() + ": "));
  }
  SECTION("the key") {
    tls.key_file = trusted.file();
    CHECK(trouble().starts_with("cannot use listen.tls.key_file " + tls.key_file.string() + ": "));
  }
  SECTION("another's key") {
    tls.key_file = trusted.issue("other").key;
    CHECK(trouble().starts_with("cannot use listen.tls.key_file " + tls.key_file.string() + ": "));
  }
  SECTION("the callers' authorities") {
    ask_for_certificates(client_certificates::optional);
    tls.client_ca_file = data_directory() + "/none.pem";
    CHECK(trouble().starts_with("cannot use listen.tls.client_ca_file " + tls.client_ca_file.string() + ": "));
  }
}

} // namespace
} // namespace gateway
