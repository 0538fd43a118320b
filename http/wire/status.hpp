#pragma once

#include "domain/error.hpp"

#include <string>
#include <string_view>

namespace gateway {

/// How a failure looks in HTTP.
struct status_entry {
  int status;            ///< For `upstream_rejected` only a fallback: the provider's own 4xx is passed on.
  std::string_view type; ///< Whose fault: `platform` or `upstream`.
  bool retryable;        ///< Whether the same request may succeed later.
};

/// The only table from `ec` to HTTP.
const status_entry& status_of(ec code);

/// The status that goes out for this failure.
int http_status(const failure& why);

/// The reason phrase of RFC 9110, section 15; `Error` for statuses it does not name.
std::string_view reason_phrase(int status);

/// The one error shape, as JSON: `{"error":{"code":...}}`.
std::string error_body(const failure& why, std::string_view request_id);

} // namespace gateway
