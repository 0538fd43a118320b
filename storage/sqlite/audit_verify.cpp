#include "storage/audit_verify.hpp"

#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/audit_rows.hpp"
#include "storage/sqlite/audit_schema.hpp"
#include "storage/sqlite/database.hpp"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <limits>
#include <utility>

namespace gateway {

namespace {

// Between two parts the snapshot is let go, so that the write-ahead log of a running gateway does not grow meanwhile.
constexpr int rows_at_once = 8192;

class verification {
 public:
  verification(SQLite::Database& database, audit_chain& chain) : database_(database), chain_(chain) {}

  audit_verdict run() {
    while (!verdict_.flaw && read_part()) {
    }
    verdict_.last = at_.sequence;
    verdict_.head = to_hex(at_.link);
    return std::move(verdict_);
  }

 private:
  using which = audit_ends::which;

  // False at the end of the log.
  bool read_part() {
    const SQLite::Transaction snapshot(database_);
    const auto head = find_end(which::head);
    const auto anchor = find_end(which::anchor);
    if (!head || !anchor) return false;
    if (begun_ && anchor->sequence > at_.sequence) at_ = *anchor;
    if (!begun_) begin(*anchor);
    if (is_before_anchor(*anchor)) return false;
    const statement_use use(next_);
    use->bind(1, at_.sequence);
    int rows = 0;
    for (; use->executeStep(); ++rows)
      if (!check_row(*head)) return false;
    if (rows > 0) return true;
    if (at_.sequence < head->sequence) return refuse(at_.sequence + 1, "is missing, and so are all after it");
    if (at_.link != head->link) return refuse(at_.sequence, "is not the one that the head of the log speaks of");
    return false;
  }

  std::optional<log_end> find_end(which end) {
    const auto* name = end == which::head ? "the head" : "the beginning";
    try {
      if (auto found = ends_.find(end, chain_)) return found;
      refuse_log(fmt::format("cannot be checked: {} of the log was taken away", name));
    } catch (const SQLite::Exception&) {
      throw;
    } catch (const std::runtime_error&) {
      refuse_log(fmt::format("cannot be checked: {} of the log was changed, or audit.chain_key is another one", name));
    }
    return std::nullopt;
  }

  void begin(const log_end& anchor) {
    begun_ = true;
    at_ = anchor;
    verdict_.first = anchor.sequence + 1;
  }

  bool is_before_anchor(const log_end& anchor) {
    SQLite::Statement before(database_, "SELECT sequence FROM audit_records WHERE sequence <= ? LIMIT 1");
    before.bind(1, anchor.sequence);
    if (!before.executeStep()) return false;
    refuse(before.getColumn(0).getInt64(), "stands before the beginning of the log");
    return true;
  }

  bool check_row(const log_end& head) {
    const auto stored = read_audit_end(next_);
    const auto expected = at_.sequence + 1;
    if (stored.sequence > head.sequence) return refuse(stored.sequence, "stands after the head of the log");
    if (stored.sequence != expected) return refuse(expected, "is missing");
    if (!is_as_written(stored)) return refuse(expected, "is not the one that was written there");
    at_ = stored;
    ++verdict_.records;
    return true;
  }

  bool is_as_written(const log_end& stored) {
    try {
      const auto record = read_audit_record(next_);
      // The same moment in other letters would sort, and be found, elsewhere.
      return next_.getColumn(2).getString() == to_audit_moment(record.created_at) &&
             chain_.next(at_, record) == stored.link;
    } catch (const SQLite::Exception&) {
      throw;
    } catch (const std::runtime_error&) {
      return false;
    }
  }

  bool refuse(std::int64_t sequence, std::string_view what) {
    if (!verdict_.flaw) verdict_.flaw = {sequence, fmt::format("record {} {}", sequence, what)};
    return false;
  }

  void refuse_log(std::string_view what) {
    if (!verdict_.flaw) verdict_.flaw = {0, fmt::format("the log {}", what)};
  }

  SQLite::Database& database_;
  audit_chain& chain_;
  audit_ends ends_{database_};
  SQLite::Statement next_{database_, "SELECT " + std::string(audit_record_columns) +
                                         " FROM audit_records r WHERE r.sequence > ? ORDER BY r.sequence LIMIT " +
                                         std::to_string(rows_at_once)};
  audit_verdict verdict_;
  log_end at_;
  bool begun_ = false;
};

} // namespace

result<audit_verdict> verify_audit_log(const std::string& file, const secret& chain_key) {
  return attempt("verify the audit log " + file, [&]() -> result<audit_verdict> {
    auto database = open_database_to_read(file, audit_schema());
    audit_chain chain(chain_key);
    return verification(database, chain).run();
  });
}

std::string describe(const audit_verdict& verdict) {
  if (verdict.flaw) {
    if (verdict.records == 0) return verdict.flaw->what;
    return fmt::format("{} (the {} before it, from {} on, are as they were written)", verdict.flaw->what,
                       verdict.records, verdict.first);
  }
  if (verdict.records == 0) return fmt::format("no records; the next is {}; head {}", verdict.first, verdict.head);
  return fmt::format("{} records, {} to {}, are as they were written; head {}", verdict.records, verdict.first,
                     verdict.last, verdict.head);
}

} // namespace gateway
