#pragma once

#include "config/upstream_spec.hpp"
#include "domain/error.hpp"
#include "http/upstream/happy_eyeballs.hpp"
#include "http/upstream/tls_client.hpp"
#include "http/wire/connection.hpp"
#include "runtime/worker.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gateway {

/// Opens connections to one host: looks its name up, or its proxy's; races the addresses; goes through the proxy;
/// shakes hands.
class connector {
 public:
  connector(const upstream_spec& spec, worker& here);

  /// A fresh connection, or a failure once `patience` is over.
  task<result<connection_ptr>> connect(std::chrono::milliseconds patience);

 private:
  using time_point = std::chrono::steady_clock::time_point;

  task<result<endpoints>> resolve(time_point end);
  task<result<connection_ptr>> secure(tcp_socket socket, time_point end);
  task<result<connection_ptr>> through_tls(tcp_socket socket, time_point end);
  /// Whom the socket is opened to.
  std::string dialled() const;

  base_url where_;
  proxy_spec proxy_;
  std::string host_; ///< Whose name is looked up.
  std::uint16_t port_;
  worker& here_;
  std::optional<tls_client> tls_; ///< For https.
  endpoints known_;
  time_point known_until_{};
};

} // namespace gateway
