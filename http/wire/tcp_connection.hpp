#pragma once

#include "http/wire/connection.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace gateway {

using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;

/// Takes over a connected socket: no delay, non-blocking.
connection_ptr make_tcp_connection(tcp_socket socket);

} // namespace gateway
