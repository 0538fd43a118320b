#pragma once

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

/// Everything that can go wrong with a request. The text of each code is part of the contract
/// (docs/contract.md, section 4); its HTTP status is http/wire/status.hpp's business.
enum class ec : std::uint8_t {
  none = 0,               ///< No error; only so that a default value exists.
  request_invalid,        ///< Not JSON, a field missing or of the wrong type.
  missing_api_key,        ///< No key came with the request.
  invalid_api_key,        ///< Unknown, disabled or expired key: callers cannot tell which.
  forbidden,              ///< No or wrong admin token; a model this key may not use.
  not_found,              ///< No such path, key or model.
  method_not_allowed,     ///< The path exists, for other methods.
  request_timeout,        ///< The request did not arrive in time.
  conflict,               ///< The key_id exists.
  request_too_large,      ///< The body is over its limit.
  header_too_large,       ///< The header is over its limit.
  rate_limited,           ///< A per-minute or concurrency limit; repeating later helps.
  quota_exceeded,         ///< A daily quota or a budget; repeating soon does not help.
  internal_error,         ///< A bug of ours.
  overloaded,             ///< A bound of `limits` is reached.
  dependency_unavailable, ///< Storage or an actor is not there.
  upstream_rejected,      ///< The provider refused this request (its 4xx).
  upstream_rate_limited,  ///< Every target is rate limited.
  upstream_timeout,       ///< A phase of the upstream call took too long.
  upstream_unavailable,   ///< Refused, reset, broken or 5xx answers.
  cancelled,              ///< The caller went away; only ever seen in records.
  interrupted,            ///< The gateway ended before the request did; only ever seen in records.
};

/// The stable code that callers see, such as `PLATFORM_REQUEST_INVALID`.
std::string_view to_string(ec code);

/// Why a request ends without an answer: everything its error body says but the request id.
struct failure {
  ec code = ec::internal_error;
  std::string message{};                   ///< One sentence that says what to do about it; no secrets.
  std::string param{};                     ///< The field at fault, or empty.
  std::chrono::milliseconds retry_after{}; ///< 0: unset. Callers see whole seconds, rounded up.
  std::vector<std::pair<std::string, std::string>> details{};
  std::string upstream_error{}; ///< The provider's own error as JSON text, or empty.
  std::string note{};           ///< What went wrong, for the operator's log only; no secrets.
  int upstream_status = 0;      ///< The provider's status; 0 when it gave none.
  bool context_length = false;  ///< The provider refused it as too long for its model.
  bool unsent = false;          ///< Its upstream was not asked, for want of a connection: another one may be.
  bool hopeless = false;        ///< The same request can never succeed, even where its code says that it may.
};

/// A value, or why there is none.
template <class T>
using result = tl::expected<T, failure>;

/// Shorthand for the error side of a `result`.
inline tl::unexpected<failure> fail(ec code, std::string message, std::string param = {}) {
  failure why;
  why.code = code;
  why.message = std::move(message);
  why.param = std::move(param);
  return tl::unexpected<failure>(std::move(why));
}

/// A part of the gateway is not there right now; asking again in a moment helps.
failure unavailable(std::string message);

/// A bound of `limits` is reached; asking again in a moment helps.
failure overloaded(std::string message);

} // namespace gateway
