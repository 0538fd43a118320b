#include "http/journey/called_target.hpp"

#include "runtime/ask.hpp"

#include <utility>

namespace gateway {

called_target::called_target(chat_upstream_actor picked_by, const picked_target& target)
    : picked_by_(std::move(picked_by)) {
  report_.upstream = target.upstream;
}

called_target::~called_target() { tell(picked_by_, report_atom::value, std::move(report_), wall_clock_now()); }

void called_target::answered() {
  const auto took = std::chrono::steady_clock::now() - start_;
  report_.latency_us = static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::microseconds>(took).count());
}

void called_target::failed(const failure& why) {
  // What it refused for the caller's own fault says nothing against it.
  report_.healthy = why.code == ec::upstream_rejected || why.code == ec::request_invalid || why.code == ec::cancelled;
  report_.error = why.note.empty() ? why.message : why.note;
}

} // namespace gateway
