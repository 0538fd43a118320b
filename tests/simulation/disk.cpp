#include "tests/simulation/disk.hpp"

#include <algorithm>
#include <utility>

namespace gateway::simulation {
namespace {

tl::unexpected<failure> out_of_order() { return tl::unexpected(unavailable("the disk does not answer")); }

class simulated_ledger final : public ledger_store {
 public:
  explicit simulated_ledger(disk_access_ptr way) : way_(std::move(way)) {}

  result<std::vector<lease>> grant(const std::string& owner, const std::vector<lease_wish>& wishes,
                                   timestamp expires_at) override {
    if (fails()) return out_of_order();
    auto granted = way_->what.ledger->grant(owner, wishes, expires_at);
    if (!granted) return granted;
    for (const auto& wish : wishes) {
      auto& promised = way_->what.promised[counter_of(wish.entry)];
      promised = std::max(promised, wish.limit);
    }
    for (const auto& each : *granted) way_->what.granted[counter_of(each.entry)] = each.granted_in_all;
    if (lies()) return out_of_order();
    return granted;
  }

  result<void> give_back(const std::string& owner, const std::vector<lease_return>& returns,
                         timestamp expires_at) override {
    if (fails()) return out_of_order();
    auto done = way_->what.ledger->give_back(owner, returns, expires_at);
    if (done && lies()) return out_of_order();
    return done;
  }

  result<void> prune(timestamp ended_by) override {
    if (fails()) return out_of_order();
    return way_->what.ledger->prune(ended_by);
  }

  result<std::vector<owned_grant>> grants_of(const std::string& instance) override {
    return way_->what.ledger->grants_of(instance);
  }

  result<void> correct(const std::vector<owned_grant>& grants) override { return way_->what.ledger->correct(grants); }

  result<void> check() override { return {}; }

 private:
  bool fails() { return way_->cut || way_->random.one_in(way_->conditions.ledger_writes_fail); }
  bool lies() { return way_->random.one_in(way_->conditions.ledger_answers_lie); }

  disk_access_ptr way_;
};

class simulated_audit final : public audit_store {
 public:
  explicit simulated_audit(disk_access_ptr way) : way_(std::move(way)) {}

  using audit_store::append;

  result<void> append(encoded_records records) override {
    if (way_->cut || way_->random.one_in(way_->conditions.audit_writes_fail)) return out_of_order();
    return way_->what.audit->append(records);
  }
  result<std::vector<std::string_view>> missing(encoded_records records) override {
    if (way_->cut || way_->random.one_in(way_->conditions.audit_writes_fail)) return out_of_order();
    return way_->what.audit->missing(records);
  }
  result<audit_page> read(const audit_query& query) override { return way_->what.audit->read(query); }
  result<usage_rows> usage(const usage_query& query) override { return way_->what.audit->usage(query); }
  result<void> visit_counted(timestamp from, const std::function<void(const audit_record&)>& visit) override {
    return way_->what.audit->visit_counted(from, visit);
  }
  result<bool> trim(const audit_retention& keep, timestamp now) override { return way_->what.audit->trim(keep, now); }
  result<void> check() override { return {}; }

 private:
  disk_access_ptr way_;
};

class simulated_journal final : public audit_journal {
 public:
  explicit simulated_journal(disk_access_ptr way) : way_(std::move(way)) {}

  using audit_journal::append;
  using audit_journal::compact;

  result<void> append(journal_pieces pieces, bool sync) override {
    if (fails()) return out_of_order();
    return way_->what.journal->append(pieces, sync);
  }
  result<journal_contents> replay() override {
    if (fails()) return out_of_order();
    return way_->what.journal->replay();
  }
  result<void> compact(journal_pieces open, bool sync) override {
    if (fails()) return out_of_order();
    return way_->what.journal->compact(open, sync);
  }
  std::uint64_t bytes() const override { return way_->what.journal->bytes(); }
  result<void> check() override { return {}; }

 private:
  bool fails() { return way_->cut || way_->random.one_in(way_->conditions.journal_writes_fail); }

  disk_access_ptr way_;
};

} // namespace

disk::counter counter_of(const ledger_entry& entry) { return {entry.scope, entry.account, entry.kind, entry.day}; }

std::shared_ptr<ledger_store> ledger_through(disk_access_ptr way) {
  return std::make_shared<simulated_ledger>(std::move(way));
}

std::shared_ptr<audit_journal> journal_through(disk_access_ptr way) {
  return std::make_shared<simulated_journal>(std::move(way));
}

std::shared_ptr<audit_store> audit_through(disk_access_ptr way) {
  return std::make_shared<simulated_audit>(std::move(way));
}

} // namespace gateway::simulation
