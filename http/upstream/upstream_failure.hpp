#pragma once

#include "domain/error.hpp"

#include <string>
#include <string_view>

namespace gateway {

/// The provider could not be reached, or its answer broke. The caller hears only that; the note is the operator's.
failure unreachable(std::string note);

/// A phase of the call took too long: `connect`, `first_byte`, `first_token`, `between_tokens` or `total`.
failure timed_out(std::string_view phase);

/// The call found no connection, as far as the bounds of `connections` and `queue` go: nothing was asked of the
/// provider.
failure every_connection_busy(std::string_view why);

/// The caller left while the call was under way.
failure caller_has_left();

struct refused_answer {
  int status;
  std::string_view body;
  std::chrono::milliseconds retry_after{};
};

/// What the caller hears of an answer that is not a success. A provider's 401, 403 and 5xx are the operator's business.
failure failure_of(const refused_answer& answer);

/// The same of an error that came in a body or an event where an answer should have been, with status 200.
failure failure_of_error(std::string_view body);

} // namespace gateway
