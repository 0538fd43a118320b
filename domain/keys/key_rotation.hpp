#pragma once

#include "domain/principal.hpp"
#include "domain/time.hpp"

#include <chrono>

namespace gateway {

/// Puts a new secret first and stamps the record. Each older secret works until `now + grace`, or until its own end
/// when that is sooner; those that have ended by now are dropped, so that a grace of 0 (or less) leaves the new one
/// alone.
void rotate(key_record& record, key_secret fresh, std::chrono::seconds grace, timestamp now);

} // namespace gateway
