#include "domain/error.hpp"

namespace gateway {

std::string_view to_string(ec code) {
  switch (code) {
    case ec::none: return "";
    case ec::request_invalid: return "PLATFORM_REQUEST_INVALID";
    case ec::missing_api_key: return "PLATFORM_AUTH_MISSING_API_KEY";
    case ec::invalid_api_key: return "PLATFORM_AUTH_INVALID_API_KEY";
    case ec::forbidden: return "PLATFORM_AUTH_FORBIDDEN";
    case ec::not_found: return "PLATFORM_NOT_FOUND";
    case ec::method_not_allowed: return "PLATFORM_METHOD_NOT_ALLOWED";
    case ec::request_timeout: return "PLATFORM_REQUEST_TIMEOUT";
    case ec::conflict: return "PLATFORM_CONFLICT";
    case ec::request_too_large:
    case ec::header_too_large: return "PLATFORM_REQUEST_TOO_LARGE";
    case ec::rate_limited: return "PLATFORM_RATE_LIMITED";
    case ec::quota_exceeded: return "PLATFORM_QUOTA_EXCEEDED";
    case ec::internal_error: return "PLATFORM_INTERNAL_ERROR";
    case ec::overloaded: return "PLATFORM_OVERLOADED";
    case ec::dependency_unavailable: return "PLATFORM_DEPENDENCY_UNAVAILABLE";
    case ec::upstream_rejected: return "UPSTREAM_REJECTED";
    case ec::upstream_rate_limited: return "UPSTREAM_RATE_LIMITED";
    case ec::upstream_timeout: return "UPSTREAM_TIMEOUT";
    case ec::upstream_unavailable: return "UPSTREAM_UNAVAILABLE";
    case ec::cancelled: return "PLATFORM_CANCELLED";
    case ec::interrupted: return "PLATFORM_INTERRUPTED";
  }
  return "PLATFORM_INTERNAL_ERROR";
}

namespace {

failure in_a_moment(ec code, std::string message) {
  failure why;
  why.code = code;
  why.message = std::move(message);
  why.retry_after = std::chrono::seconds{1};
  return why;
}

} // namespace

failure unavailable(std::string message) { return in_a_moment(ec::dependency_unavailable, std::move(message)); }

failure overloaded(std::string message) { return in_a_moment(ec::overloaded, std::move(message)); }

} // namespace gateway
