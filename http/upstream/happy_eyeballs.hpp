#pragma once

#include "http/wire/tcp_connection.hpp"
#include "runtime/worker.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <vector>

namespace gateway {

using endpoints = std::vector<asio::ip::tcp::endpoint>;

/// The order in which a host's addresses are tried: the families by turns, IPv6 first, each in the order given (RFC
/// 8305, section 4).
endpoints interleaved(const endpoints& found);

/// Connects to the address that answers first. Each next one is tried when the one before has failed, or is silent for
/// 250 ms, while those before go on (RFC 8305, section 5). The error is `timed_out` when `end` comes first,
/// `operation_aborted` when the coroutine was cancelled, else what was wrong with the last one that failed. However it
/// ends, or is ended, nothing is left under way.
task<tl::expected<tcp_socket, boost::system::error_code>> connect_to_any(worker& here, endpoints addresses,
                                                                         std::chrono::steady_clock::time_point end);

} // namespace gateway
