#include "storage/audit_verify.hpp"

#include "storage/sqlite/audit_blocks.hpp"
#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/audit_upgrade.hpp"
#include "storage/sqlite/database.hpp"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <utility>

namespace gateway {

namespace {

// Between two parts the snapshot is let go, so that the write-ahead log of a running gateway does not grow meanwhile.
constexpr std::size_t records_at_once = 8192;

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
    const auto before = verdict_.records;
    block_cursor blocks(database_, {.from = at_.sequence + 1});
    while (verdict_.records < before + records_at_once) {
      const auto is_there = step(blocks);
      if (verdict_.flaw) return false;
      if (!is_there) return is_at(*head);
      if (!check_block(blocks, *head)) return false;
    }
    return true;
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
    SQLite::Statement before(database_, "SELECT first FROM audit_blocks WHERE first <= ? LIMIT 1");
    before.bind(1, anchor.sequence);
    if (!before.executeStep()) return false;
    refuse(before.getColumn(0).getInt64(), "stands before the beginning of the log");
    return true;
  }

  bool step(block_cursor& blocks) {
    try {
      return blocks.step();
    } catch (const damaged_record&) {
      return refuse(at_.sequence + 1, not_as_written);
    }
  }

  // False, at the end of the log: is there nothing missing?
  bool is_at(const log_end& head) {
    if (at_.sequence < head.sequence) return refuse(at_.sequence + 1, "is missing, and so are all after it");
    if (at_.link != head.link) return refuse(at_.sequence, "is not the one that the head of the log speaks of");
    return false;
  }

  bool check_block(block_cursor& blocks, const log_end& head) {
    const auto& stored = blocks.head();
    if (stored.first > head.sequence) return refuse(stored.first, "stands after the head of the log");
    if (stored.first > at_.sequence + 1) return refuse(at_.sequence + 1, "is missing");
    if (stored.first <= at_.sequence) return refuse(stored.first, "stands there twice");
    audit_block written;
    for (std::size_t place = 0; place < stored.count; ++place) {
      if (at_.sequence == head.sequence) return refuse(at_.sequence + 1, "stands after the head of the log");
      if (!check_record(blocks, place, written)) return refuse(at_.sequence + 1, not_as_written);
    }
    if (written.link != stored.link) {
      --verdict_.records;
      return refuse(at_.sequence, not_as_written);
    }
    // What searches go by is not part of the chain, but follows from the records.
    if (written.oldest != stored.oldest || written.newest != stored.newest ||
        written.directory != blocks.directory().bytes())
      return refuse(stored.first, "begins a block that searches do not find as it was written");
    return true;
  }

  bool check_record(block_cursor& blocks, std::size_t place, audit_block& written) {
    try {
      blocks.read(place, record_);
    } catch (const damaged_record&) {
      return false;
    }
    const auto bytes = blocks.bytes(place);
    const log_end next{at_.sequence + 1, chain_.next(at_, bytes)};
    if (blocks.directory().at(place).link != tag_of(next.link)) return false;
    written.add(next, record_, bytes);
    at_ = next;
    ++verdict_.records;
    return true;
  }

  static constexpr auto not_as_written = "is not the one that was written there";

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
  audit_verdict verdict_;
  log_end at_;
  audit_record record_;
  bool begun_ = false;
};

} // namespace

result<audit_verdict> verify_audit_log(const std::string& file, const secret& chain_key) {
  return attempt("verify the audit log " + file, [&]() -> result<audit_verdict> {
    auto database = open_audit_log_to_read(file);
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
