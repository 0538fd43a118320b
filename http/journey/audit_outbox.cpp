#include "http/journey/audit_outbox.hpp"

#include "http/log.hpp"
#include "runtime/ask.hpp"
#include "runtime/pause.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace gateway {
namespace {

constexpr std::chrono::milliseconds pause_after_failure{100};

} // namespace

audit_outbox::audit_outbox(worker& here, const roster_ptr& people, const outbox_settings& how)
    : here_(here),
      people_(people),
      how_(how),
      source_((std::uint64_t{std::random_device()()} << 32 | std::random_device()()) | 1) {}

audit_outbox::ticket audit_outbox::admit(const audit_record& record, const quota_amount& held) {
  const auto entry = add(audit_entry::phase::admitted, record, held);
  if (how_.is_awaited) awaited_ = entry;
  return entry;
}

audit_outbox::ticket audit_outbox::settle(const audit_record& record) {
  return add(audit_entry::phase::settled, record, {});
}

audit_outbox::ticket audit_outbox::add(audit_entry::phase what, const audit_record& record, const quota_amount& held) {
  if (!on_sleep_) {
    on_sleep_ = std::make_shared<std::function<void()>>([this] { before_sleep(); });
    here_.before_sleep(on_sleep_);
  }
  auto& batch = open_batch();
  batch.add(what, record, held);
  ++added_;
  if (batch.size() >= how_.batch) send();
  if (!std::exchange(lingering_, true)) asio::co_spawn(here_.io().get_executor(), send_later(), asio::detached);
  return added_;
}

audit_batch& audit_outbox::open_batch() {
  if (waiting_.size() == (is_sent_ ? 1 : 0) || waiting_.back()->size() >= how_.batch)
    waiting_.push_back(std::make_shared<audit_batch>(batch_mark{source_, ++batches_}));
  return *waiting_.back();
}

void audit_outbox::before_sleep() {
  if (awaited_ > due_) send();
}

task<void> audit_outbox::send_later() {
  co_await pause_for(here_.io(), how_.linger);
  lingering_ = false;
  if (added_ > due_) send();
}

void audit_outbox::send() {
  due_ = added_;
  if (!std::exchange(pumping_, true)) asio::co_spawn(here_.io().get_executor(), pump(), asio::detached);
}

task<void> audit_outbox::pump() {
  while (committed_ < due_) {
    is_sent_ = true;
    const audit_batch_ptr batch = waiting_.front();
    const auto committed = co_await ask(people_->audit, record_atom::value, batch);
    failing_ = !committed;
    if (committed) {
      on_committed(*batch);
      continue;
    }
    log_event(log_level::warn, "audit_waits", {{"records", size()}, {"reason", committed.error().message}});
    co_await pause_for(here_.io(), pause_after_failure);
  }
  pumping_ = false;
}

void audit_outbox::on_committed(const audit_batch& batch) {
  records_ += batch.settled();
  committed_ += batch.size();
  waiting_.pop_front();
  is_sent_ = false;
  for (const auto& each : waiters_)
    if (each.until <= committed_) each.wakes->fire();
}

task<bool> audit_outbox::wait(ticket entry, std::chrono::milliseconds longest) {
  if (is_committed(entry)) co_return true;
  awaited_ = std::max(awaited_, entry);
  one_shot done(here_.wheel());
  waiters_.push_back({entry, &done});
  const auto how = co_await done.wait_for(longest);
  std::erase_if(waiters_, [&done](const waiter& each) { return each.wakes == &done; });
  co_return how == wake::fired;
}

} // namespace gateway
