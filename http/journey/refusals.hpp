#pragma once

#include "domain/error.hpp"
#include "domain/quota/quota_decision.hpp"
#include "domain/time.hpp"

#include <string_view>

namespace gateway {

/// What a limit counts: `requests`, `tokens` or `dollars`.
std::string_view unit_of(limit_kind kind);

/// What a caller hears when a limit refuses: whose limit and which, what was asked of it and is left, when it starts
/// over, and what to do. Limits of a minute and of concurrency are `rate_limited`, the others `quota_exceeded`.
failure refusal_of(const quota_refusal& refused, timestamp now);

} // namespace gateway
