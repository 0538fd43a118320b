#include "http/endpoints/operators.hpp"

#include "config/admin_checks.hpp"
#include "domain/api_key.hpp"

namespace gateway {

std::optional<operator_identity> find_operator(const admin_spec& tokens, std::string_view given) {
  std::optional<operator_identity> found;
  const auto compare = [&](const secret& token, std::string_view name, admin_role role) {
    if (equal_in_constant_time(given, token.reveal()) && !token.empty()) found = operator_identity{name, role};
  };
  compare(tokens.token, main_admin_name, admin_role::admin);
  for (const auto& each : tokens.tokens) compare(each.token, each.name, each.role);
  return found;
}

bool may_call(admin_role role, std::string_view method) { return role == admin_role::admin || method == "GET"; }

} // namespace gateway
