#pragma once

#include <boost/system/error_code.hpp>

#include <string>

namespace gateway {

/// What OpenSSL complained of last, as an error code whose message is its reason; and its queue is empty after this.
/// A stream that ended without a farewell (`close_notify`) says "unexpected eof while reading", and is no `eof`.
boost::system::error_code take_tls_error();

} // namespace gateway
