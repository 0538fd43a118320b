#pragma once

#include "domain/chat/request_scan.hpp"

#include <string>
#include <string_view>

namespace gateway {

/// The body to send upstream: asks for `upstream_model` (empty: for the model that the body names) and, when it is a
/// stream, for its usage. Every other byte stays as it came. `scan` is that of this very body. Works in place when the
/// body has room for what is added, else with one allocation.
std::string edit_request(std::string body, const request_scan& scan, std::string_view upstream_model);

} // namespace gateway
