#include "http/house.hpp"

#include "actors/supervisor.hpp"
#include "domain/time.hpp"
#include "http/log.hpp"
#include "storage/audit_recovery.hpp"
#include "storage/reconcile.hpp"

#include <boost/asio/post.hpp>

#include <filesystem>
#include <future>
#include <utility>

namespace gateway {
namespace {

constexpr std::chrono::seconds startup_patience{30};
/// More than the sum of what the actors may take to drain one after the other is never needed.
constexpr std::chrono::seconds drain_margin{15};

// The audit log has every record that was counted from this moment on.
timestamp records_complete_from(const config& what, timestamp now) {
  const bool may_miss_some = what.topology.audit.durability == audit_durability::async || what.audit.max_bytes > 0;
  if (may_miss_some) return timestamp::max();
  if (what.audit.retention_days == 0) return timestamp::min();
  return now - std::chrono::days{what.audit.retention_days} + std::chrono::days{1};
}

} // namespace

result<stores> open_stores(const storage_spec& where, const secret& chain_key) {
  // First: it is locked, so that no second gateway touches what belongs to a running one.
  auto journal = open_audit_journal(where.audit_db);
  if (!journal) return tl::unexpected(std::move(journal.error()));
  auto keys = open_sqlite_key_store(where.gateway_db);
  if (!keys) return tl::unexpected(std::move(keys.error()));
  auto ledger = open_sqlite_ledger_store(where.gateway_db);
  if (!ledger) return tl::unexpected(std::move(ledger.error()));
  auto audit = open_sqlite_audit_store(where.audit_db, chain_key);
  if (!audit) return tl::unexpected(std::move(audit.error()));
  auto reader = open_sqlite_audit_view(where.audit_db);
  if (!reader) return tl::unexpected(std::move(reader.error()));
  auto identity = instance::take(std::filesystem::absolute(where.gateway_db).parent_path());
  if (!identity) return tl::unexpected(std::move(identity.error()));
  return stores{std::move(*keys),    std::move(*ledger), std::move(*audit),
                std::move(*journal), std::move(*reader), std::move(*identity)};
}

house::house(config what, stores kept, reserved_address address)
    : settings_(std::move(what)),
      stores_(std::move(kept)),
      address_(std::move(address)),
      routes_(std::make_shared<const route_table>(settings_.models)),
      runtime_(settings_.topology.workers),
      system_(runtime_),
      self_(system_) {
  auto& workers = scheduler_of(system_);
  const auto bytes = std::make_shared<byte_pool>(settings_.limits.buffered_bytes);
  for (std::size_t i = 0; i < workers.size(); ++i)
    services_.push_back(std::make_unique<service>(settings_, routes_, bytes, workers.at(i), workers.size()));
}

house::~house() { drain(); }

result<std::unique_ptr<house>> house::open(config what, stores kept) {
  auto address = reserved_address::take(what.listen);
  if (!address) return tl::unexpected(std::move(address.error()));
  std::unique_ptr<house> built(new house(std::move(what), std::move(kept), std::move(*address)));
  if (auto recovered = built->recover(); !recovered) return tl::unexpected(std::move(recovered.error()));
  built->reconcile_ledger();
  if (auto started = built->start(); !started) return tl::unexpected(std::move(started.error()));
  return built;
}

result<void> house::recover() {
  const auto found = recover_audit(*stores_.audit, *stores_.journal, settings_.audit.interrupted);
  if (!found) return tl::unexpected(found.error());
  if (found->settled + found->interrupted + found->cut > 0)
    log_event(found->interrupted > 0 ? log_level::warn : log_level::info, "audit_recovered",
              {{"settled", found->settled}, {"interrupted", found->interrupted}, {"cut_bytes", found->cut}});
  return {};
}

// What a crash left leased comes back. Where that cannot be told it stays granted: it counts as used until its day or
// month is over.
void house::reconcile_ledger() {
  const auto back = reconcile(*stores_.audit, *stores_.ledger, stores_.identity->id(),
                              records_complete_from(settings_, wall_clock_now()));
  if (!back)
    log_event(log_level::warn, "ledger_not_reconciled", {{"reason", back.error().message}});
  else if (*back != reconciled{})
    log_event(log_level::info, "ledger_reconciled",
              {{"daily_requests", (*back)[0]},
               {"daily_tokens", (*back)[1]},
               {"budget_per_day", (*back)[2]},
               {"budget_per_month", (*back)[3]}});
}

result<void> house::start() {
  supervisor_settings how;
  how.drain = settings_.timeouts.client.drain + drain_margin;
  how.on_event = [](std::string_view event, const std::string& actor, const std::string& reason) {
    log_event(event == "died" ? log_level::error : log_level::info, "actor",
              {{"actor", actor}, {"what", event}, {"reason", reason}});
  };
  supervisor_ = system_.spawn(supervisor, make_plan(), std::move(how));
  result<void> started;
  self_->request(supervisor_, startup_patience, roster_atom::value)
      .receive([](const roster_ptr&) {},
               [&](const caf::error&) {
                 started = tl::unexpected(unavailable("the actors did not start in time; see the log"));
               });
  return started;
}

void house::drain() {
  if (!supervisor_) return;
  self_->request(supervisor_, caf::infinite, drain_atom::value).receive([] {}, [](const caf::error&) {});
  supervisor_ = nullptr;
  // A detached actor's thread ends with the last handle on it.
  for (auto& each : services_) {
    std::promise<void> done;
    boost::asio::post(each->here.io(), [&] {
      each->people = std::make_shared<const roster>();
      done.set_value();
    });
    done.get_future().wait();
  }
}

roster_ptr house::people() {
  roster_ptr found;
  self_->request(supervisor_, startup_patience, roster_atom::value)
      .receive([&](const roster_ptr& now) { found = now; }, [](const caf::error&) {});
  return found;
}

actor_statuses house::statuses() {
  actor_statuses found;
  self_->request(supervisor_, startup_patience, status_atom::value)
      .receive([&](const actor_statuses& now) { found = now; }, [](const caf::error&) {});
  return found;
}

} // namespace gateway
