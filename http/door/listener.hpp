#pragma once

#include "http/door/tls_door.hpp"
#include "http/service.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace gateway {

/// Finds out where and how to listen, before any worker does: looks the host up, takes a port when the config says 0,
/// reads the certificates. The failure says in `message` what is wrong, such as that another process listens there.
class reserved_address {
 public:
  static result<reserved_address> take(const listen_spec& where);

  const asio::ip::tcp::endpoint& endpoint() const { return endpoint_; }
  /// Null for plain HTTP.
  const std::shared_ptr<const tls_door>& tls() const { return tls_; }

 private:
  explicit reserved_address(asio::ip::tcp::endpoint endpoint) : endpoint_(std::move(endpoint)) {}

  asio::ip::tcp::endpoint endpoint_;
  std::shared_ptr<const tls_door> tls_;
  std::shared_ptr<void> hold_; ///< Keeps a free port ours between the deaths of its listeners; accepts nothing.
};

/// One worker's listening socket; the kernel spreads connections over those of all workers (SO_REUSEPORT).
class listener : public std::enable_shared_from_this<listener> {
 public:
  /// Throws boost::system::system_error when it cannot listen.
  listener(service& house, const reserved_address& where);

  /// Lets connections in until `close`. It survives whatever goes wrong with one of them.
  void start();
  void close();
  std::uint16_t port() const { return port_; }

 private:
  task<void> accept_all();
  connection_ptr welcome(tcp_socket socket);

  service& house_;
  asio::basic_socket_acceptor<asio::ip::tcp, executor> socket_;
  std::uint16_t port_;
  std::shared_ptr<const tls_door> tls_;
};

} // namespace gateway
