#pragma once

#include "config/base_url.hpp"
#include "config/upstream_spec.hpp"
#include "domain/error.hpp"
#include "http/wire/tcp_connection.hpp"

namespace gateway {

/// Asks the proxy at the other end of `socket` for a tunnel to `where` (RFC 9110, section 9.3.6); the failure says why
/// there is none. Ends early when the socket is closed. All three must live until it ends.
task<result<void>> open_tunnel(tcp_socket& socket, const base_url& where, const proxy_spec& proxy);

} // namespace gateway
