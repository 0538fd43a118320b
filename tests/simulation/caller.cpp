#include "tests/simulation/caller.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace gateway::simulation {

caller::caller(surroundings& world, std::string name, principal_ptr who, quota_amount wanted)
    : world_(world), name_(std::move(name)), who_(std::move(who)), wanted_(wanted) {}

void caller::begin() {
  shard_ = world_.in.people().quota_of(who_->tenant_id);
  started_at_ = world_.time.wall();
  waits_since_ = world_.time.steady();
  auto asked = world_.counted.open(who_, 1, wanted_, started_at_, shard_ ? shard_->id() : 0);
  world_.note(name_ + " of " + who_->key_id + " asks for " + std::to_string(wanted_.tokens) + " tokens");
  world_.in.callers().ask<reservation>(
      name_ + " reserve",
      [me = shared_from_this(), asked](const result<reservation>& answer) { me->on_hold(asked, answer); }, shard_,
      reserve_atom::value, who_, wanted_, started_at_);
}

void caller::on_hold(const claim_ptr& asked, const result<reservation>& answer) {
  const bool granted = answer && answer->hold != 0;
  world_.note(name_ + (granted ? " holds" : answer ? " is refused" : " fails: " + answer.error().message));
  if (granted) {
    const auto granted_at = world_.in.callers().answered_at();
    world_.in.check_fence(shard_, granted_at);
    asked->deadline = granted_at + world_.hold_lifetime;
    world_.counted.grant(asked, granted_at);
  }
  world_.counted.close(asked);
  if (stage_ == stage::ended) { // It left meanwhile: as `question` has it, the hold goes back.
    if (!granted) return;
    caf::anon_send(shard_, release_atom::value, answer->hold);
    world_.counted.settle(asked, {}, false, is_in_time(*asked));
    return;
  }
  if (!granted) {
    stage_ = stage::ended;
    return;
  }
  hold_ = answer->hold;
  claims_.push_back(asked);
  admission_ = world_.records.add({audit_entry::phase::admitted, record(false, {}), wanted_});
  stage_ = world_.random.one_in(2) ? stage::waiting_for_log : stage::working;
}

void caller::on_more(const claim_ptr& asked, const result<reservation>& answer) {
  const bool granted = answer && answer->hold != 0;
  world_.note(name_ + (granted ? " holds more" : " gets no more"));
  if (granted && stage_ != stage::ended) {
    asked->deadline = claims_.front()->deadline;
    world_.counted.grant(asked, world_.in.callers().answered_at());
    claims_.push_back(asked);
  }
  world_.counted.close(asked);
  if (stage_ != stage::ended) stage_ = stage::working;
}

void caller::go_on() {
  if (waits()) {
    if (world_.random.one_in(10)) leave();
    return;
  }
  if (stage_ == stage::waiting_for_log) {
    if (world_.random.one_in(10)) return leave();
    if (world_.records.committed() >= admission_) stage_ = stage::working;
    return;
  }
  if (stage_ != stage::working) return;
  const auto what = world_.random.below(10);
  if (what < 3) return extend();
  if (what < 8) {
    // Its answer must not go out before it is written down.
    if (world_.records.committed() >= admission_) return settle();
    stage_ = stage::waiting_for_log;
    return;
  }
  if (what < 9 || !world_.may_forget) return release();
  forget();
}

void caller::finish() {
  if (stage_ == stage::waiting_for_log && world_.records.committed() >= admission_) stage_ = stage::working;
  if (stage_ == stage::working && world_.records.committed() >= admission_) settle();
}

void caller::leave() {
  world_.note(name_ + " leaves");
  if (stage_ == stage::waiting_for_more) {
    extension_unsure_ = true;
    return settle();
  }
  if (stage_ == stage::waiting_for_log) return release();
  stage_ = stage::ended;
}

void caller::extend() {
  const quota_amount more{world_.random.between(1, 300), world_.random.below(300)};
  waits_since_ = world_.time.steady();
  stage_ = stage::waiting_for_more;
  // Its day is that of the hold.
  auto asked = world_.counted.open(who_, 0, more, started_at_, claims_.front()->life);
  world_.in.callers().ask<reservation>(
      name_ + " extend",
      [me = shared_from_this(), asked](const result<reservation>& answer) { me->on_more(asked, answer); }, shard_,
      extend_atom::value, hold_, more, world_.time.wall());
}

quota_amount caller::held() const {
  quota_amount sum;
  for (const auto& each : claims_) {
    sum.tokens += each->amount.tokens;
    sum.cost += each->amount.cost;
  }
  return sum;
}

void caller::settle() {
  const auto most = held();
  quota_amount used{world_.random.below(most.tokens + 1), world_.random.below(most.cost + 1)};
  if (world_.may_exceed && world_.random.one_in(4)) used.tokens = most.tokens + world_.random.below(500);
  world_.note(name_ + " settles with " + std::to_string(used.tokens) + " of " + std::to_string(most.tokens));
  caf::anon_send(shard_, settle_atom::value, hold_, used, world_.time.wall());
  close(true, used, true);
}

void caller::release() {
  world_.note(name_ + " gives its hold back");
  caf::anon_send(shard_, release_atom::value, hold_);
  close(false, {}, true);
}

void caller::forget() {
  world_.note(name_ + " forgets its hold");
  // It will be charged whole, since it may have been used.
  close(true, held(), false);
}

void caller::close(bool counted, const quota_amount& used, bool told) {
  stage_ = stage::ended;
  world_.records.add({audit_entry::phase::settled, record(counted, used), {}});
  auto left = used;
  for (std::size_t i = 0; i < claims_.size(); ++i) {
    const auto& each = claims_[i];
    const bool is_last = i + 1 == claims_.size();
    const quota_amount part{is_last ? left.tokens : std::min(left.tokens, each->amount.tokens),
                            is_last ? left.cost : std::min(left.cost, each->amount.cost)};
    left.tokens -= part.tokens;
    left.cost -= part.cost;
    if (counted)
      world_.counted.settle(each, part, true, told && is_sure());
    else
      world_.counted.settle(each, {}, false, told && is_sure());
  }
}

bool caller::is_sure() const {
  const auto& shard = world_.in.people().quota_of(who_->tenant_id);
  return !extension_unsure_ && shard && shard->id() == claims_.front()->life && is_in_time(*claims_.front());
}

bool caller::is_in_time(const claim& held) const { return world_.time.steady() + longest_way < held.deadline; }

audit_record caller::record(bool counted, const quota_amount& used) const {
  audit_record made;
  made.id = name_;
  made.created_at = started_at_;
  made.request_id = name_;
  made.tenant_id = who_->tenant_id;
  made.key_id = who_->key_id;
  made.status = counted ? 200 : 0;
  made.usage.completion_tokens = used.tokens;
  made.source = counted ? usage_source::provider : usage_source::unknown;
  made.cost = used.cost;
  made.counted = counted;
  return made;
}

} // namespace gateway::simulation
