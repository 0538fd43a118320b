#pragma once

#include "http/service.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace gateway {

/// Finds out where to listen, before any worker does: looks the host up, and takes a port when the config says 0.
/// The failure says in `message` what is wrong, such as that another process listens there.
class reserved_address {
 public:
  static result<reserved_address> take(const listen_spec& where);

  const asio::ip::tcp::endpoint& endpoint() const { return endpoint_; }

 private:
  explicit reserved_address(asio::ip::tcp::endpoint endpoint) : endpoint_(std::move(endpoint)) {}

  asio::ip::tcp::endpoint endpoint_;
  std::shared_ptr<void> hold_; ///< Keeps a free port ours between the deaths of its listeners; accepts nothing.
};

/// One worker's listening socket; the kernel spreads connections over those of all workers (SO_REUSEPORT).
class listener : public std::enable_shared_from_this<listener> {
 public:
  /// Throws boost::system::system_error when it cannot listen.
  listener(service& house, const asio::ip::tcp::endpoint& where);

  /// Lets connections in until `close`. It survives whatever goes wrong with one of them.
  void start();
  void close();
  std::uint16_t port() const { return port_; }

 private:
  task<void> accept_all();

  service& house_;
  asio::basic_socket_acceptor<asio::ip::tcp, executor> socket_;
  std::uint16_t port_;
};

} // namespace gateway
