#pragma once

#include "domain/retry/retry_settings.hpp"

#include <chrono>
#include <cstdint>
#include <random>

namespace gateway {

/// How long to wait after so many failures in a row (0 counts as 1): exponential with full jitter, so anything between
/// 0 and `base_delay` * 2^(`failures` - 1), at most `max_delay` (M. Brooker, Exponential Backoff And Jitter, AWS
/// Architecture Blog, 2015).
std::chrono::milliseconds backoff(const retry_settings& settings, std::uint32_t failures, std::mt19937_64& random);

} // namespace gateway
