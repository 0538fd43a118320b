#pragma once

#include "domain/error.hpp"
#include "http/wire/request.hpp"

#include <cstdint>

namespace gateway {

/// Undoes the request's Content-Encoding: gzip, x-gzip or none. Afterwards it is as if the body had been sent without
/// one. Fails with `request_invalid` for another coding or a broken body, and with `request_too_large` as soon as it
/// decodes to more than `most_bytes`, with `overloaded` when the request gets no room for it. It takes a while: not for
/// those who may not ask.
result<void> decode_body(request& asked, std::uint64_t most_bytes);

} // namespace gateway
