#pragma once

#include "http/exchange.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace gateway {

/// What an operator changed, as the audit log keeps it: `{"before":..,"after":..}`, null where there was or is nothing.
std::string change_text(const nlohmann::ordered_json& before, const nlohmann::ordered_json& after);

/// Writes a change that was made into the audit log, and answers once that is committed. When the commit does not come
/// in time the operator hears of it: `dependency_unavailable`.
task<void> answer_change(exchange& talk, std::string change, int status, std::string body);

} // namespace gateway
