#pragma once

#include "http/wire/request.hpp"

#include <string>

namespace gateway {

/// The caller's headers that may cross to a provider (docs/contract.md, section 5), as header lines. Never credentials
/// or cookies.
std::string forwarded_headers(const request& asked);

} // namespace gateway
