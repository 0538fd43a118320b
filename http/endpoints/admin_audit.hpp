#pragma once

#include "http/exchange.hpp"

namespace gateway {

/// A page of the audit log, or, as a stream, all of it that matches.
task<void> list_audit(exchange& talk);

/// Makes AUDIT READER see what this worker has recorded so far, and everybody has committed.
task<result<void>> catch_up(exchange& talk);

} // namespace gateway
