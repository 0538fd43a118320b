#include "storage/sqlite/audit_trim.hpp"

#include "storage/sqlite/audit_blocks.hpp"
#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/audit_usage.hpp"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace gateway {

namespace {

/// Records that one step deletes; the last block of it may have more.
constexpr std::int64_t records_at_once = 1024;

// Pages in use. Those that deleting frees stay in the file and take the next records, so that the file stops growing;
// giving them back to the file system would need a vacuum of a log that was begun without one, and its extra pages at
// every commit.
std::uint64_t used_bytes(SQLite::Database& database) {
  const auto number = [&](const char* pragma) { return database.execAndGet(pragma).getInt64(); };
  return static_cast<std::uint64_t>((number("PRAGMA page_count") - number("PRAGMA freelist_count")) *
                                    number("PRAGMA page_size"));
}

// What one step deletes.
struct cut {
  log_end gone;                    ///< The newest record that goes.
  std::optional<audit_block> rest; ///< Of the block that it is in.
};

class trimming {
 public:
  // Without `oldest` no record is young enough to stay.
  trimming(SQLite::Database& database, audit_chain& chain, std::optional<timestamp> oldest)
      : database_(database), chain_(chain), oldest_(oldest) {}

  // Where to cut, of the records after `anchor`; nothing when none goes.
  std::optional<cut> find(const log_end& anchor) {
    cut found{anchor, std::nullopt};
    block_cursor blocks(database_, {.from = anchor.sequence + 1});
    while (found.gone.sequence < anchor.sequence + records_at_once && blocks.step()) {
      const auto& head = blocks.head();
      if (oldest_ && head.newest >= *oldest_) {
        split(blocks, found);
        break;
      }
      found.gone = {blocks.end() - 1, head.link};
    }
    if (found.gone.sequence == anchor.sequence) return std::nullopt;
    return found;
  }

 private:
  // The block goes up to the first record that is not old.
  void split(block_cursor& block, cut& found) {
    if (block.head().oldest >= *oldest_) return;
    audit_record record;
    audit_block rest;
    const auto before = found;
    auto at = found.gone;
    for (std::size_t place = 0; place < block.head().count; ++place) {
      block.read(place, record);
      const auto bytes = block.bytes(place);
      at = {at.sequence + 1, chain_.next(at, bytes)};
      if (rest.count > 0 || record.created_at >= *oldest_)
        rest.add(at, record, bytes);
      else
        found.gone = at;
    }
    // Of a block that is not as it was written nothing is signed anew: it stays until all of it is old.
    if (at != log_end{block.end() - 1, block.head().link})
      found = before;
    else if (found.gone.sequence >= block.head().first)
      found.rest = std::move(rest);
  }

  SQLite::Database& database_;
  audit_chain& chain_;
  std::optional<timestamp> oldest_;
};

} // namespace

bool trim_audit_log(SQLite::Database& database, const audit_retention& keep, timestamp now, audit_chain& chain) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  audit_ends ends(database);
  const auto is_large = keep.max_bytes != 0 && used_bytes(database) > keep.max_bytes;
  if (!is_large && keep.days == 0) return false;
  std::optional<timestamp> oldest;
  if (!is_large) oldest = now - std::chrono::days{keep.days};
  const auto found = trimming(database, chain, oldest).find(ends.read(audit_ends::which::anchor, chain));
  if (!found) return false;
  sum_up_usage(database, ends, chain, found->gone);
  block_writer blocks(database);
  blocks.erase_before(found->gone.sequence + 1);
  if (found->rest) blocks.insert(*found->rest);
  ends.write(audit_ends::which::anchor, found->gone, chain);
  transaction.commit();
  return true;
}

} // namespace gateway
