#pragma once

#include "tests/acceptance/loopback.hpp"
#include "tests/tls/tls_peer.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gateway::test {

/// What a host remembers of a connection.
struct tls_visit {
  std::string tunnel; ///< What the caller asked the proxy, if that is how it came.
  bool secure = false;
  bool resumed = false;
  std::string name; ///< The name it asked for.
  std::string protocol;
};

/// A host that speaks TLS with everybody, in threads of its own.
class tls_server {
 public:
  using script = std::function<void(tls_peer&, loopback_socket&)>;

  /// `proxy_answer`: it is its own proxy, and lets callers in whom it has answered so.
  tls_server(const certificate_files& own, script what, std::string proxy_answer = {})
      : tls_server(server_context(own), std::move(what), std::move(proxy_answer)) {}
  tls_server(context_ptr context, script what, std::string proxy_answer = {});
  tls_server(const tls_server&) = delete;
  tls_server& operator=(const tls_server&) = delete;
  ~tls_server();

  std::uint16_t port() const { return port_; }
  /// Waits for so many handshakes, good or bad, and says how the last of them was; throws std::runtime_error
  /// when they do not come in time.
  tls_visit visit(std::size_t number = 1, std::chrono::milliseconds within = patience);

 private:
  void accept_all();
  void serve(loopback_socket& peer);
  void remember(tls_visit what);

  context_ptr context_;
  script script_;
  std::string proxy_answer_;
  loopback_socket listening_ = loopback_socket::listen();
  std::uint16_t port_ = listening_.port();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<tls_visit> visits_;
  std::list<loopback_socket> peers_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

/// Sends back what comes, until the caller ends.
void echo(tls_peer& peer, loopback_socket& socket);

} // namespace gateway::test
