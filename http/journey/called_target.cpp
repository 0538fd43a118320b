#include "http/journey/called_target.hpp"

#include "runtime/ask.hpp"
#include "runtime/coarse_clock.hpp"

#include <utility>

namespace gateway {

called_target::called_target(chat_upstream_actor picked_by, const picked_target& target, upstream_outcomes* outcomes)
    : picked_by_(std::move(picked_by)), outcomes_(outcomes) {
  report_.target = target.target;
  report_.credential = target.credential;
  report_.probe = target.probe;
}

called_target::~called_target() {
  if (outcomes_) ++(*outcomes_)[report_.how];
  // A time that was named is a promise: it is counted from a precise now.
  const auto now = report_.rest ? wall_clock_now() : coarse_wall_now();
  tell(picked_by_, report_atom::value, std::move(report_), now);
}

void called_target::failed(const failure& why) {
  report_.error = why.note.empty() ? why.message : why.note;
  switch (why.code) {
    // What it refused for the caller's own fault says nothing against it.
    case ec::upstream_rejected:
    case ec::request_invalid: report_.how = verdict::answered; break;
    case ec::upstream_rate_limited:
      report_.how = verdict::declined;
      report_.rest = why.retry_after;
      break;
    case ec::upstream_unavailable:
      report_.credential_refused = why.upstream_status == 401 || why.upstream_status == 403;
      report_.how = report_.credential_refused ? verdict::declined : verdict::failed;
      break;
    case ec::upstream_timeout: report_.how = verdict::failed; break;
    default: report_.how = verdict::abandoned; break;
  }
}

} // namespace gateway
