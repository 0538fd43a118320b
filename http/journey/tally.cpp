#include "http/journey/tally.hpp"

#include <algorithm>
#include <utility>

namespace gateway {

tally::tally(exchange& talk, held_quota& hold, const picked_target& where, const model_request& wanted)
    : talk_(talk),
      hold_(hold),
      where_(where),
      prompt_tokens_(wanted.scan.prompt_tokens),
      measured_prompt_(wanted.measured_prompt) {}

void tally::provider_says(const token_usage& usage) {
  said_ = usage;
  said_last_ = true;
}

void tally::passed(std::uint64_t hundredths) {
  some_passed_ = true;
  if (hundredths == 0) return;
  ++pieces_;
  hundredths_ += hundredths;
  said_last_ = false;
}

std::uint64_t tally::completion_tokens() const {
  return std::max({pieces_, (hundredths_ + 99) / 100, std::uint64_t{some_passed_}});
}

token_usage tally::estimate() const {
  token_usage used{.prompt_tokens = prompt_tokens_, .completion_tokens = completion_tokens()};
  if (!said_) return used;
  // It counted for a while and then went on without: what it said is the least.
  used.prompt_tokens = said_->prompt_tokens;
  used.cached_tokens = said_->cached_tokens;
  used.reasoning_tokens = said_->reasoning_tokens;
  used.completion_tokens = std::max(said_->completion_tokens, used.completion_tokens);
  return used;
}

void tally::close() {
  if (std::exchange(closed_, true) || !reached_ || refused_) return;
  auto& record = talk_.record;
  record.usage = said_last_ ? *said_ : estimate();
  record.source = said_last_ ? usage_source::provider : usage_source::estimated;
  record.cost = cost_of(way(), record.usage);
  hold_.spend({record.usage.total(), record.cost});
  if (said_last_) talk_.house.correction.learn(way(), measured_prompt_, said_->prompt_tokens);
}

} // namespace gateway
