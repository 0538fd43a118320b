#pragma once

#include "domain/principal.hpp"
#include "domain/retry/call_plan.hpp"
#include "domain/route.hpp"
#include "http/exchange.hpp"
#include "http/journey/admission.hpp"
#include "http/journey/surface.hpp"

#include <chrono>
#include <string>

namespace gateway {

/// One request on its way from target to target, from the hold to the end of the answer.
class attempts {
 public:
  /// What it refers to outlives it.
  attempts(exchange& talk, const model_surface& how, model_request& wanted, const matched_route& asked_for,
           const principal& who, admission& granted);
  attempts(const attempts&) = delete;
  attempts& operator=(const attempts&) = delete;

  /// Asks CHAT UPSTREAM for a target, calls it and relays, and goes on with the next step of a `call_plan` as long as
  /// the caller has seen nothing and something can still help. The failure is that of the last call.
  task<result<void>> run();

 private:
  task<result<void>> call(const picked_target& where);
  std::chrono::milliseconds time_left() const;
  void note_failure(const picked_target& where, const failure& why) const;

  exchange& talk_;
  const model_surface& how_;
  model_request& wanted_;
  const principal& who_;
  admission& granted_;
  std::string headers_;
  std::chrono::milliseconds total_;
  call_plan plan_;
};

} // namespace gateway
