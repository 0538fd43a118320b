#pragma once

#include "domain/chat/answer_scan.hpp"
#include "http/exchange.hpp"
#include "http/journey/admission.hpp"
#include "http/journey/hold_extension.hpp"
#include "http/journey/surface.hpp"
#include "http/journey/tally.hpp"
#include "http/upstream/upstream.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// The events of one answer on their way to the caller: each as it comes, those that came together in one write. What
/// breaks clients is mended: chunks that say nothing are dropped, a choice finishes once, a stream that finished
/// without `[DONE]` gets one. A stream that named no maximum ends where a limit does not let its hold grow. A stream
/// that neither finished nor said `[DONE]` is a failure, never an end.
class event_relay {
 public:
  event_relay(exchange& talk, model_request& wanted, admission& granted, tally& used);

  task<result<void>> run(upstream_answer& answer);

 private:
  result<void> take(std::string_view event);
  bool is_for_caller(const event_scan& scan);
  void begin();
  task<bool> flush();
  task<result<void>> finish(upstream_answer& answer);
  result<void> left();
  void frame(std::string_view data) { frames_.append("data: ").append(data).append("\n\n"); }

  exchange& talk_;
  model_request& wanted_;
  admission& granted_;
  tally& used_;
  hold_extension more_;
  std::string frames_;
  std::uint64_t finished_ = 0; ///< A bit for each choice that gave its finish_reason.
  bool done_ = false;
};

} // namespace gateway
