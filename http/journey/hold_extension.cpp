#include "http/journey/hold_extension.hpp"

#include <algorithm>

namespace gateway {
namespace {

constexpr std::uint64_t least_slice = 256;

} // namespace

hold_extension::hold_extension(held_quota& hold, const route& way, const model_request& wanted)
    : hold_(hold),
      way_(way),
      prompt_tokens_(wanted.scan.prompt_tokens),
      bounded_(wanted.scan.max_output_tokens.has_value()),
      slice_(std::max(way.max_output_tokens / 4, least_slice)),
      margin_(std::min(slice_, covered()) / 4) {}

bool hold_extension::is_due(std::uint64_t completion_tokens) const {
  return !bounded_ && completion_tokens + margin_ > covered();
}

task<result<void>> hold_extension::take(std::uint64_t completion_tokens) {
  const auto missing = completion_tokens + margin_ - covered();
  quota_amount more{.tokens = (missing + slice_ - 1) / slice_ * slice_};
  more.cost = cost_of(way_, {.completion_tokens = more.tokens});
  auto taken = co_await hold_.extend(more);
  if (taken || taken.error().code != ec::rate_limited) co_return taken;
  // To send it again would start it over: a stream that was cut by a limit has used up what there was for it.
  taken.error().code = ec::quota_exceeded;
  co_return taken;
}

} // namespace gateway
