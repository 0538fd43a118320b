#include "tests/http/upstream/connector_fixture.hpp"

#include <string>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

struct proxy_fixture : connector_fixture {
  /// An upstream whose name nobody can look up, behind a proxy on this machine.
  upstream_spec spec_behind(std::uint16_t port) const {
    auto spec = spec_for(443, "provider.invalid");
    spec.https_proxy.host = "127.0.0.1";
    spec.https_proxy.port = port;
    return spec;
  }

  /// What becomes of a connection whose proxy answers so, and closes.
  std::string note_after(std::string answer) {
    tls_server proxy(trusted.issue("provider.invalid"), echo, std::move(answer));
    const auto made = connect(spec_behind(proxy.port()));
    REQUIRE_FALSE(made);
    CHECK(made.error().code == ec::upstream_unavailable);
    return made.error().note;
  }
};

TEST_CASE_METHOD(proxy_fixture, "through a proxy, only the proxy knows where the upstream is") {
  tls_server proxy(trusted.issue("provider.invalid"), echo,
                   "HTTP/1.1 200 Connection established\r\nVia: 1.1 x\r\n\r\n");
  const auto peer = open(spec_behind(proxy.port()));
  write(*peer, "hello");
  CHECK(read(*peer, 5) == "hello");
  const auto seen = proxy.visit();
  CHECK(seen.tunnel == "CONNECT provider.invalid:443 HTTP/1.1\r\nHost: provider.invalid:443\r\n\r\n");
  CHECK(seen.name == "provider.invalid");
}

TEST_CASE_METHOD(proxy_fixture, "a proxy that wants to know who asks is told") {
  tls_server proxy(trusted.issue("provider.invalid"), echo, "HTTP/1.0 200 OK\r\n\r\n");
  auto spec = spec_behind(proxy.port());
  spec.https_proxy.authorization = secret("Basic dTpw");
  open(spec);
  CHECK(proxy.visit().tunnel.find("\r\nProxy-Authorization: Basic dTpw\r\n") != std::string::npos);
}

TEST_CASE_METHOD(proxy_fixture, "an IPv6 upstream is named in brackets") {
  tls_server proxy(trusted.issue("::1"), echo, "HTTP/1.1 200 OK\r\n\r\n");
  auto spec = spec_behind(proxy.port());
  spec.base_url.host = "::1";
  open(spec);
  CHECK(proxy.visit().tunnel.starts_with("CONNECT [::1]:443 HTTP/1.1\r\n"));
}

TEST_CASE_METHOD(proxy_fixture, "what a proxy answers in place of a tunnel is told") {
  CHECK(note_after("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") == "the proxy answered 407");
  CHECK(note_after("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno") == "the proxy answered 502");
  CHECK(note_after("SSH-2.0-OpenSSH\r\n\r\n") == "the proxy did not answer in HTTP/1.1");
  CHECK(note_after("HTTP/1.1 200 OK\r\n\r\nmore") == "the proxy sent more than its answer");
  CHECK(note_after("HTTP/1.1 200 OK\r\nX: " + std::string(9000, 'x')) == "the proxy's answer is longer than 8 KiB");
}

TEST_CASE_METHOD(proxy_fixture, "a proxy that is silent takes too long to connect through") {
  const auto silent = loopback_socket::listen();
  connector to(spec_behind(silent.port()), here);
  const auto made = connect(to, 20ms);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ec::upstream_timeout);
}

TEST_CASE_METHOD(proxy_fixture, "a proxy that is not there is told apart from its upstream") {
  auto gone = loopback_socket::listen();
  const auto port = gone.port();
  gone.close();
  const auto made = connect(spec_behind(port));
  REQUIRE_FALSE(made);
  CHECK(made.error().note.starts_with("connecting to the proxy 127.0.0.1:" + std::to_string(port) + ": "));
}

TEST_CASE_METHOD(proxy_fixture, "an http upstream is reached without the proxy") {
  const auto host = loopback_socket::listen();
  auto spec = spec_behind(1);
  spec.base_url = {.tls = false, .host = "127.0.0.1", .port = host.port(), .path = ""};
  CHECK(connect(spec));
}

} // namespace
} // namespace gateway
