#include "http/journey/audit_outbox.hpp"

#include "http/log.hpp"
#include "runtime/ask.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

constexpr std::chrono::milliseconds pause_after_failure{100};

} // namespace

audit_outbox::ticket audit_outbox::admit(audit_record record, quota_amount held) {
  return add({audit_entry::phase::admitted, std::move(record), held});
}

audit_outbox::ticket audit_outbox::settle(audit_record record) {
  return add({audit_entry::phase::settled, std::move(record), {}});
}

audit_outbox::ticket audit_outbox::add(audit_entry entry) {
  waiting_.push_back(std::move(entry));
  ++added_;
  if (std::exchange(pumping_, true)) return added_;
  // Posted rather than run here: what else ends in this turn of the io_context goes into the same message.
  asio::co_spawn(here_.io().get_executor(), pump(), asio::detached);
  return added_;
}

task<void> audit_outbox::pump() {
  while (!waiting_.empty()) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(batch_, waiting_.size()));
    audit_entries batch(waiting_.begin(), waiting_.begin() + count);
    const auto committed = co_await ask(people_->audit, record_atom::value, std::move(batch));
    failing_ = !committed;
    if (committed) {
      records_ += static_cast<std::uint64_t>(
          std::count_if(waiting_.begin(), waiting_.begin() + count,
                        [](const audit_entry& each) { return each.what == audit_entry::phase::settled; }));
      waiting_.erase(waiting_.begin(), waiting_.begin() + count);
      committed_ += static_cast<std::uint64_t>(count);
      for (const auto& each : waiters_)
        if (each.until <= committed_) each.wakes->fire();
      continue;
    }
    log_event(log_level::warn, "audit_waits", {{"records", waiting_.size()}, {"reason", committed.error().message}});
    one_shot pause(here_.io());
    co_await pause.wait_for(pause_after_failure);
  }
  pumping_ = false;
}

task<bool> audit_outbox::wait(ticket entry, std::chrono::milliseconds longest) {
  if (is_committed(entry)) co_return true;
  one_shot done(here_.io());
  waiters_.push_back({entry, &done});
  const auto how = co_await done.wait_for(longest);
  std::erase_if(waiters_, [&done](const waiter& each) { return each.wakes == &done; });
  co_return how == wake::fired;
}

} // namespace gateway
