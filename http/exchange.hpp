#pragma once

#include "domain/audit_record.hpp"
#include "http/service.hpp"
#include "http/stopwatch.hpp"
#include "http/wire/request.hpp"
#include "http/wire/responder.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Where a caller's leaving shows, and how its session is ended then. Empty: nobody looks.
struct caller_presence {
  request_reader* reader = nullptr;
  asio::cancellation_signal* stop = nullptr;
};

/// One request and its answer, while they last; and what will be known of them afterwards. However it ends, also by
/// being cut, its end writes the log line and, where the endpoint wants one, the audit record.
class exchange {
 public:
  exchange(service& house, request asked, responder& reply, caller_presence caller = {});
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;
  ~exchange();

  /// Says in the answer's headers who gave it (`x-gateway-*`, `x-upstream-request-id`), as far as the record knows.
  void announce_upstream();
  /// Answers with a failure, and remembers it for the record.
  task<void> refuse(failure why);
  /// The caller left before it had its answer.
  void caller_left();

  std::chrono::steady_clock::time_point began() const { return began_; }
  /// When the request was there, whole.
  timestamp now() const { return record.created_at; }

  service& house;
  request asked;
  responder& reply;
  caller_presence caller;
  std::string parameter;           ///< What the pattern's `{}` stood for, decoded.
  std::string upstream_request_id; ///< The provider's own name for the last call.
  bool quiet = false;              ///< Not worth a line in the log, unless it fails.
  bool audited = false;            ///< The endpoint's requests go into the audit log.
  audit_record record;
  std::string_view
      model_label;         ///< The entry of the config that stands for the model: `openai/*`. Empty when there is none.
  stopwatch upstream_time; ///< Runs while the request waits for its upstreams, pauses between calls included.
  std::optional<std::chrono::nanoseconds> first_token; ///< How long it took to come.

 private:
  void count(std::chrono::steady_clock::time_point now) const;

  std::string note_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

} // namespace gateway
