#pragma once

#include "config/config.hpp"

#include <optional>
#include <string_view>

namespace gateway {

/// Who called an operators' endpoint. Refers to the config.
struct operator_identity {
  std::string_view name;
  admin_role role = admin_role::viewer;
};

/// Whose token this is. It is compared with every token there is, each in constant time, so that the time tells nothing
/// about any of them.
std::optional<operator_identity> find_operator(const admin_spec& tokens, std::string_view given);

/// Whether somebody in this role may use an endpoint with this method: viewers only look.
bool may_call(admin_role role, std::string_view method);

} // namespace gateway
