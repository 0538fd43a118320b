#include "tests/tls/tls_server.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

namespace gateway::test {
namespace {

std::string read_head(loopback_socket& from) {
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const auto some = from.receive();
    if (some.empty()) throw std::runtime_error("the connection ended in a head");
    head += some;
  }
  return head;
}

} // namespace

tls_server::tls_server(context_ptr context, script what, std::string proxy_answer)
    : context_(std::move(context)),
      script_(std::move(what)),
      proxy_answer_(std::move(proxy_answer)),
      acceptor_([this] { accept_all(); }) {}

tls_server::~tls_server() {
  listening_.shut_down();
  acceptor_.join();
  for (auto& each : peers_) each.shut_down();
  for (auto& each : threads_) each.join();
}

tls_visit tls_server::visit(std::size_t number, std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, within, [&] { return visits_.size() >= number; }))
    throw std::runtime_error("nobody came in time");
  return visits_[number - 1];
}

void tls_server::accept_all() {
  while (auto peer = listening_.accept()) {
    auto& kept = peers_.emplace_back(std::move(*peer));
    threads_.emplace_back([this, &kept] { serve(kept); });
  }
}

void tls_server::remember(tls_visit what) {
  const std::lock_guard lock(mutex_);
  visits_.push_back(std::move(what));
  changed_.notify_all();
}

void tls_server::serve(loopback_socket& socket) {
  tls_visit what;
  try {
    if (!proxy_answer_.empty()) {
      what.tunnel = read_head(socket);
      socket.send(proxy_answer_);
    }
    tls_peer peer(socket, context_);
    what.secure = peer.accept();
    what.resumed = peer.was_resumed();
    what.name = peer.asked_name();
    what.protocol = peer.protocol();
    const bool secure = what.secure;
    remember(std::move(what));
    if (secure) script_(peer, socket);
  } catch (const std::exception&) {
    // The test sees it: what it waits for does not come.
  }
  socket.shut_down();
}

void echo(tls_peer& peer, loopback_socket&) {
  for (auto some = peer.receive(); !some.empty(); some = peer.receive()) peer.send(some);
  peer.end();
}

} // namespace gateway::test
