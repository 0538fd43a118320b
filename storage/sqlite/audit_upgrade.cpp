#include "storage/sqlite/audit_upgrade.hpp"

#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/audit_rows.hpp"
#include "storage/sqlite/audit_usage.hpp"
#include "storage/sqlite/database.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <vector>

namespace gateway {

namespace {

// A row is not changed while a cursor stands on it.
constexpr int rows_at_once = 1000;

class chaining {
 public:
  chaining(SQLite::Database& database, audit_chain& chain) : database_(database), chain_(chain) {}

  // Chains every record after `end`, and returns the last.
  log_end run(log_end end, usage_sums* sums) {
    while (chain_some(end, sums)) {
    }
    return end;
  }

 private:
  bool chain_some(log_end& end, usage_sums* sums) {
    links_.clear();
    {
      const statement_use use(next_);
      use->bind(1, end.sequence);
      while (use->executeStep()) {
        const auto record = read_audit_record(next_);
        const auto sequence = read_audit_sequence(next_);
        end = {sequence, chain_.next({sequence - 1, end.link}, record)};
        links_.push_back(end);
        if (sums != nullptr) add_to(*sums, record);
      }
    }
    for (const auto& each : links_) {
      const statement_use use(set_);
      use->bindNoCopy(1, each.link.data(), static_cast<int>(each.link.size()));
      use->bind(2, each.sequence);
      use->exec();
    }
    return !links_.empty();
  }

  SQLite::Database& database_;
  audit_chain& chain_;
  std::vector<log_end> links_;
  SQLite::Statement next_{database_, "SELECT " + std::string(audit_record_columns) +
                                         " FROM audit_records r WHERE r.sequence > ? ORDER BY r.sequence LIMIT " +
                                         std::to_string(rows_at_once)};
  SQLite::Statement set_{database_, "UPDATE audit_records SET chain = ? WHERE sequence = ?"};
};

bool has_seal_of(audit_ends& ends, audit_chain& chain) {
  try {
    return ends.find(audit_ends::which::head, chain).has_value();
  } catch (const std::runtime_error&) {
    return false;
  }
}

// A log of the first version may begin anywhere: an operator could only delete by hand.
log_end begin_of(SQLite::Database& database) {
  return {database.execAndGet("SELECT coalesce(min(sequence), 1) - 1 FROM audit_records").getInt64(), {}};
}

} // namespace

void prepare_audit_chain(SQLite::Database& database, const secret& chain_key) {
  using which = audit_ends::which;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  audit_chain chain(chain_key);
  audit_ends ends(database);
  const bool is_new = database.execAndGet("SELECT count(*) FROM audit_ends").getInt() == 0;
  audit_chain plain{secret{}};
  const bool is_plain = !is_new && !chain_key.empty() && has_seal_of(ends, plain);
  if (!is_new && !is_plain) {
    ends.read(which::head, chain);
    return;
  }
  const auto summed = is_new ? std::nullopt : ends.find(which::summed, plain);
  const auto anchor = is_new ? begin_of(database) : ends.read(which::anchor, plain);
  usage_sums sums;
  const auto head = chaining(database, chain).run(anchor, is_new ? &sums : nullptr);
  add_usage(database, sums);
  ends.write(which::anchor, anchor, chain);
  ends.write(which::head, head, chain);
  ends.write(which::summed, summed.value_or(head), chain);
  transaction.commit();
}

} // namespace gateway
