#include "tests/http/upstream/connector_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <optional>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

std::string note_of(const result<connection_ptr>& made) {
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ec::upstream_unavailable);
  return made.error().note;
}

TEST_CASE_METHOD(connector_fixture, "a host whose certificate an authority of ours has signed is connected to") {
  const auto host = GENERATE(as<std::string>(), "localhost", "127.0.0.1");
  tls_server server(trusted.issue(host), echo);
  const auto peer = open(spec_for(server.port(), host));
  CHECK(write(*peer, "hello").bytes == 5);
  CHECK(read(*peer, 5) == "hello");
  const auto seen = server.visit();
  CHECK(seen.name == (host == "localhost" ? "localhost" : "")); // An address is no name (RFC 6066, section 3).
  CHECK(seen.protocol == "http/1.1");
}

TEST_CASE_METHOD(connector_fixture, "a host whose certificate nobody we know has signed is refused") {
  const authority stranger;
  tls_server server(stranger.issue("localhost"), echo);
  CHECK(note_of(connect(spec_for(server.port()))) == "TLS with localhost: unable to get local issuer certificate");
  CHECK_FALSE(server.visit().secure);
}

TEST_CASE_METHOD(connector_fixture, "without a file of authorities the system's are asked") {
  tls_server server(trusted.issue("localhost"), echo);
  auto spec = spec_for(server.port());
  spec.trust.ca_file.clear();
  CHECK(note_of(connect(spec)) == "TLS with localhost: unable to get local issuer certificate");
}

TEST_CASE_METHOD(connector_fixture, "a certificate of another host is refused") {
  tls_server server(trusted.issue("elsewhere.test"), echo);
  CHECK(note_of(connect(spec_for(server.port()))) == "TLS with localhost: hostname mismatch");
  CHECK(note_of(connect(spec_for(server.port(), "127.0.0.1"))) == "TLS with 127.0.0.1: IP address mismatch");
}

TEST_CASE_METHOD(connector_fixture, "an upstream that is believed without proof is connected to") {
  const authority stranger;
  tls_server server(stranger.issue("elsewhere.test"), echo);
  auto spec = spec_for(server.port());
  spec.trust = {.ca_file = {}, .insecure_skip_verify = true};
  CHECK(connect(spec));
}

TEST_CASE_METHOD(connector_fixture, "a host that speaks only TLS 1.1 is refused") {
  const auto old = server_context(trusted.issue("localhost"));
  SSL_CTX_set_security_level(old.get(), 0);
  SSL_CTX_set_min_proto_version(old.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.get(), TLS1_1_VERSION);
  tls_server server(old, echo);
  CHECK(note_of(connect(spec_for(server.port()))).starts_with("TLS with localhost: "));
  CHECK_FALSE(server.visit().secure);
}

TEST_CASE_METHOD(connector_fixture, "a file of authorities that is none refuses every connection, and is named") {
  tls_server server(trusted.issue("localhost"), echo);
  auto spec = spec_for(server.port());
  spec.trust.ca_file = trusted.folder() + "/nothing.pem";
  CHECK(note_of(connect(spec)).find("nothing.pem") != std::string::npos);
}

TEST_CASE_METHOD(connector_fixture, "the second connection resumes the session of the first") {
  const auto newest = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  const auto context = server_context(trusted.issue("localhost"));
  SSL_CTX_set_max_proto_version(context.get(), newest);
  tls_server server(context, echo);
  connector to(spec_for(server.port()), here);
  for (const bool again : {false, true}) {
    auto peer = connect(to);
    REQUIRE(peer);
    write(**peer, "x");
    CHECK(read(**peer, 1) == "x"); // TLS 1.3: the tickets come before it.
    CHECK(server.visit(again ? 2 : 1).resumed == again);
  }
}

TEST_CASE_METHOD(connector_fixture, "a host that accepts and is silent takes too long to connect to") {
  const auto silent = loopback_socket::listen();
  connector to(spec_for(silent.port()), here);
  const auto made = connect(to, 20ms);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ec::upstream_timeout);
  CHECK(made.error().details.at(0).second == "connect");
}

TEST_CASE_METHOD(connector_fixture, "a host that speaks no TLS is refused") {
  auto plain = loopback_socket::listen();
  std::thread answering([&] {
    auto peer = plain.accept();
    peer->receive();
    peer->send("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  CHECK(note_of(connect(spec_for(plain.port()))) == "TLS with localhost: wrong version number");
  answering.join();
}

task<void> connect_into(connector& to, std::optional<result<connection_ptr>>& into) {
  auto made = co_await to.connect(10s);
  into.emplace(std::move(made));
}

TEST_CASE_METHOD(connector_fixture, "who leaves while a connection is being opened is told so") {
  const auto silent = loopback_socket::listen();
  auto spec = spec_for(silent.port(), "127.0.0.1");
  if (GENERATE(false, true)) spec.https_proxy = {.host = "127.0.0.1", .port = silent.port(), .authorization = {}};
  connector to(spec, here);
  std::optional<result<connection_ptr>> made;
  boost::asio::cancellation_signal leave;
  boost::asio::co_spawn(here.io().get_executor(), connect_into(to, made),
                        boost::asio::bind_cancellation_slot(leave.slot(), [](const std::exception_ptr&) {}));
  settle();
  REQUIRE_FALSE(made);
  leave.emit(boost::asio::cancellation_type::terminal);
  run_until([&] { return made.has_value(); });
  REQUIRE_FALSE(made->has_value());
  CHECK(made->error().code == ec::cancelled);
}

} // namespace
} // namespace gateway
