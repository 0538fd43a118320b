#include "http/journey/admission.hpp"

#include "domain/api_key.hpp"

#include <utility>

namespace gateway {
namespace {

audit_outbox::ticket write_down(exchange& talk, const held_quota& hold, const model_request& wanted) {
  talk.record.id = mint_uuid();
  // For as long as it takes to write it down: how it ends is not known yet, and a copy costs more.
  const auto tokens = std::exchange(talk.record.usage.prompt_tokens, wanted.scan.prompt_tokens);
  const auto source = std::exchange(talk.record.source, usage_source::estimated);
  const auto entry = talk.house.outbox.admit(talk.record, hold.amount());
  talk.record.usage.prompt_tokens = tokens;
  talk.record.source = source;
  return entry;
}

} // namespace

admission::admission(exchange& talk, held_quota taken, const model_request& wanted)
    : hold(std::move(taken)), talk_(talk), entry_(write_down(talk, hold, wanted)) {}

bool admission::may(audit_durability least) const {
  return talk_.house.settings.topology.audit.durability < least || talk_.house.outbox.is_committed(entry_);
}

task<result<void>> admission::wait_for(audit_durability least) {
  auto& house = talk_.house;
  if (may(least)) co_return result<void>{};
  if (!too_late_) {
    const bool committed = co_await house.outbox.wait(entry_, house.audit_patience);
    if (committed) co_return result<void>{};
    too_late_ = true;
  }
  co_return tl::unexpected(unavailable("the audit log does not take records; try again in a moment"));
}

} // namespace gateway
