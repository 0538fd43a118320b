#pragma once

#include "config/config.hpp"
#include "config/environment.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace gateway {

class complaints;

/// Lets the variables of the gateway's first version win over the file: ADDR, ADMIN_TOKEN, SQLITE_PATH.
/// One that is set but empty counts as not set.
void apply_legacy_variables(const environment& variables, config& to, complaints& said);

/// Reads `host:port`, `[::1]:8080`, or `:8080` for every interface (IPv4).
tl::expected<listen_spec, std::string> parse_listen_address(std::string_view text);

} // namespace gateway
