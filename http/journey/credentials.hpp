#pragma once

#include "domain/error.hpp"
#include "domain/principal.hpp"
#include "http/exchange.hpp"

namespace gateway {

/// Asks AUTH whose key came with the request (`Authorization: Bearer`, `X-API-Key` or `api-key`), and notes it in the
/// record.
task<result<principal_ptr>> authenticate(exchange& talk);

} // namespace gateway
