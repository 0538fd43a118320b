#pragma once

#include "config/base_url.hpp"
#include "domain/error.hpp"
#include "http/wire/connection.hpp"
#include "runtime/worker.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <vector>

namespace gateway {

/// Opens connections to one host: looks its name up, tries its addresses in turn.
class connector {
 public:
  connector(base_url where, worker& here) : where_(std::move(where)), here_(here) {}

  /// A fresh connection, or a failure once `patience` is over.
  task<result<connection_ptr>> connect(std::chrono::milliseconds patience);

 private:
  using endpoints = std::vector<asio::ip::tcp::endpoint>;
  task<result<endpoints>> resolve(std::chrono::milliseconds patience);

  base_url where_;
  worker& here_;
  endpoints known_;
  std::chrono::steady_clock::time_point known_until_{};
};

} // namespace gateway
