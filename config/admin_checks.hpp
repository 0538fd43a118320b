#pragma once

#include "config/config.hpp"

#include <string>
#include <string_view>

namespace gateway {

class complaints;

/// The name of whoever shows `admin.token`.
inline constexpr std::string_view main_admin_name = "admin";

/// A name that can stand in a log line and a header.
bool is_plain_name(const std::string& name);
inline constexpr const char* plain_name_rule = "a name is 1 to 64 of the characters A-Z a-z 0-9 . _ -";

/// That operators can be told apart, and that nobody else gets in: names and tokens are unique, tokens can be sent, and
/// what is open to everybody is open on loopback only.
void check_admin(const config& what, complaints& said);

} // namespace gateway
