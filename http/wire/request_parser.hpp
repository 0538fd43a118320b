#pragma once

#include "domain/error.hpp"
#include "http/wire/request_reader.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>

namespace gateway {

/// A request on its way in.
using request_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// A parser for one more request within these limits.
void begin_request(request_parser& reading, const request_limits& limits);

/// What to tell a caller whose bytes it refused.
failure refusal_of(const boost::system::error_code& error, const request_limits& limits);

/// `header` or `body`, whichever it waits for, did not come in time.
failure too_slow(const char* part);

/// Whether there is anything of a request. Empty lines before it are dropped (RFC 9112, section 2.2): some clients send
/// one after a body.
bool has_begun(boost::beast::flat_buffer& buffer);

/// Whether the caller wants to be told before it sends the body.
bool expects_continue(const request_parser& reading);

/// A field costs many times its bytes: of those with hardly any there could be thousands. 256 are let in.
bool has_too_many_fields(const request_parser& reading);
failure too_many_fields();

/// What the body takes: all of it at once, when the header says how long it is.
std::uint64_t body_size(const request_parser& reading);

/// So much of a body is still to come, and as it is: not in chunks. 0: it takes the parser.
std::uint64_t plain_rest(const request_parser& reading);

/// The request that it has read, to the end of its body; what was a `plain_rest` may have been read into that body
/// without the parser.
request take_request(request_parser& reading);

} // namespace gateway
