#pragma once

#include "tests/acceptance/http_client.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace gateway {

/// Checks that this is a failure as docs/contract.md, section 4, has it, whole: status, code, shape and headers.
/// Returns what is under `error`, for what the test wants to know besides.
nlohmann::json check_failure(const http_response& answer, int status, const std::string& code);

} // namespace gateway
