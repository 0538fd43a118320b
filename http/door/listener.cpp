#include "http/door/listener.hpp"

#include "http/door/session.hpp"
#include "http/log.hpp"
#include "http/wire/tcp_connection.hpp"
#include "runtime/pause.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/socket_base.hpp>
#include <sys/socket.h>

#include <utility>

namespace gateway {
namespace {

using tcp = asio::ip::tcp;
using error_code = boost::system::error_code;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

/// No descriptors left, or no memory: sessions that end make room.
constexpr std::chrono::milliseconds pause_after_failure{100};
/// How long a full house keeps its door shut, unless a session ends before.
constexpr std::chrono::milliseconds pause_when_full{1000};

struct held_socket {
  asio::io_context io;
  tcp::socket socket{io};
};

failure cannot_listen(const listen_spec& where, const error_code& error) {
  return fail(ec::dependency_unavailable,
              "cannot listen on " + where.host + ":" + std::to_string(where.port) + ": " + error.message())
      .value();
}

} // namespace

result<reserved_address> reserved_address::take(const listen_spec& where) {
  auto held = std::make_shared<held_socket>();
  error_code error;
  tcp::resolver lookup(held->io);
  const auto found = lookup.resolve(where.host, std::to_string(where.port), tcp::resolver::passive, error);
  if (error || found.empty()) return tl::unexpected(cannot_listen(where, error));
  reserved_address taken(found.begin()->endpoint());
  // Without SO_REUSEPORT first: with it, two gateways could share a port, and each would get half of the callers.
  {
    tcp::socket probe(held->io, taken.endpoint_.protocol());
    probe.set_option(asio::socket_base::reuse_address(true));
    probe.bind(taken.endpoint_, error);
    if (error) return tl::unexpected(cannot_listen(where, error));
    taken.endpoint_ = probe.local_endpoint();
  }
  held->socket.open(taken.endpoint_.protocol());
  held->socket.set_option(asio::socket_base::reuse_address(true));
  held->socket.set_option(reuse_port(true));
  held->socket.bind(taken.endpoint_, error);
  if (error) return tl::unexpected(cannot_listen(where, error));
  taken.hold_ = std::move(held);
  if (where.tls.on()) {
    auto door = tls_door::make(where.tls);
    if (!door) return tl::unexpected(std::move(door.error()));
    taken.tls_ = std::move(*door);
  }
  return taken;
}

listener::listener(service& house, const reserved_address& where)
    : house_(house), socket_(house.here.io().get_executor()), port_(where.endpoint().port()), tls_(where.tls()) {
  socket_.open(where.endpoint().protocol());
  socket_.set_option(asio::socket_base::reuse_address(true));
  socket_.set_option(reuse_port(true));
  socket_.bind(where.endpoint());
  socket_.listen(4096);
}

void listener::start() {
  auto accepting = [](std::shared_ptr<listener> self) -> task<void> { co_await self->accept_all(); };
  asio::co_spawn(house_.here.io().get_executor(), accepting(shared_from_this()), asio::detached);
}

void listener::close() {
  error_code ignored;
  socket_.close(ignored);
}

connection_ptr listener::welcome(tcp_socket socket) {
  if (!tls_) return make_tcp_connection(std::move(socket));
  return tls_->welcome(std::move(socket), house_.here.wheel(), house_.settings.timeouts.client.header);
}

task<void> listener::accept_all() {
  while (socket_.is_open()) {
    if (house_.sessions.size() >= house_.most_sessions) {
      co_await house_.sessions.next_end(house_.here.wheel(), pause_when_full);
      continue;
    }
    auto [error, socket] = co_await socket_.async_accept(asio::as_tuple(use_task));
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
    if (error) {
      log_event(log_level::warn, "accept_failed", {{"reason", error.message()}});
      co_await pause_for(house_.here.io(), pause_after_failure);
      continue;
    }
    start_session(house_, welcome(std::move(socket)));
  }
}

} // namespace gateway
