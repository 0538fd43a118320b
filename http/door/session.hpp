#pragma once

#include "http/service.hpp"
#include "http/wire/connection.hpp"

#include <boost/asio/cancellation_signal.hpp>

namespace gateway {

/// Serves one caller's connection: request after request, until either side has enough.
task<void> session(service& house, connection_ptr peer, asio::cancellation_signal& stop);

/// Starts one of its own, which `session_list::close_all` can end.
void start_session(service& house, connection_ptr peer);

} // namespace gateway
