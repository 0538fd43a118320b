#include "storage/sqlite/audit_upgrade.hpp"

#include "storage/audit_codec_v1.hpp"
#include "storage/sqlite/audit_blocks.hpp"
#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/audit_rows.hpp"
#include "storage/sqlite/audit_schema.hpp"
#include "storage/sqlite/audit_usage.hpp"
#include "storage/sqlite/database.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gateway {

namespace {

// Puts records into blocks as they come. Their numbers may have gaps: where a log of rows had lost some.
class block_filler {
 public:
  explicit block_filler(SQLite::Database& database) : writer_(database) {}

  void add(const log_end& at, const audit_record& record, std::string_view bytes) {
    const auto follows = block_.count == 0 || at.sequence == block_.first + static_cast<std::int64_t>(block_.count);
    if (block_.is_full() || !follows) flush();
    block_.add(at, record, bytes);
  }

  void flush() {
    if (block_.count > 0) writer_.insert(block_);
    block_.clear();
  }

 private:
  block_writer writer_;
  audit_block block_;
};

// They keep their links.
void turn_rows_into_blocks(SQLite::Database& database, usage_sums* sums) {
  if (!database.tableExists("audit_rows")) return;
  block_filler blocks(database);
  {
    audit_row_cursor rows(database);
    std::string bytes;
    while (rows.step()) {
      bytes.clear();
      encode_first_version(rows.record(), bytes);
      blocks.add(rows.at(), rows.record(), bytes);
      if (sums != nullptr) add_to(*sums, rows.record());
    }
  }
  blocks.flush();
  database.exec("DROP TABLE audit_rows");
}

// Every record after `end`; returns the last.
log_end chain_anew(SQLite::Database& database, audit_chain& chain, log_end end) {
  SQLite::Statement set_block(database, "UPDATE audit_blocks SET chain = ? WHERE first = ?");
  SQLite::Statement set_directory(database, "UPDATE audit_block_records SET directory = ? WHERE first = ?");
  for (auto from = end.sequence + 1;; from = end.sequence + 1) {
    audit_block block;
    // A block is not written while a cursor stands on it.
    {
      block_cursor blocks(database, {.from = from});
      if (!blocks.step()) return end;
      audit_record record;
      for (std::size_t place = 0; place < blocks.head().count; ++place) {
        blocks.read(place, record);
        const auto bytes = blocks.bytes(place);
        const auto number = blocks.head().first + static_cast<std::int64_t>(place);
        end = {number, chain.next({number - 1, end.link}, bytes)};
        block.add(end, record, bytes);
      }
    }
    const statement_use head(set_block);
    head->bindNoCopy(1, block.link.data(), static_cast<int>(block.link.size()));
    head->bind(2, block.first);
    head->exec();
    const statement_use directory(set_directory);
    directory->bindNoCopy(1, block.directory.data(), static_cast<int>(block.directory.size()));
    directory->bind(2, block.first);
    directory->exec();
  }
}

bool has_seal_of(audit_ends& ends, audit_chain& chain) {
  try {
    return ends.find(audit_ends::which::head, chain).has_value();
  } catch (const std::runtime_error&) {
    return false;
  }
}

// A log of the first version may begin anywhere: an operator could only delete by hand.
log_end begin_of(SQLite::Database& database) {
  return {database.execAndGet("SELECT coalesce(min(first), 1) - 1 FROM audit_blocks").getInt64(), {}};
}

} // namespace

void prepare_audit_log(SQLite::Database& database, const secret& chain_key) {
  using which = audit_ends::which;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  audit_chain chain(chain_key);
  audit_chain plain{secret{}};
  audit_ends ends(database);
  const bool is_new = database.execAndGet("SELECT count(*) FROM audit_ends").getInt() == 0;
  const bool is_plain = !is_new && !chain_key.empty() && has_seal_of(ends, plain);
  if (!is_new && !is_plain) ends.read(which::head, chain);
  usage_sums sums;
  turn_rows_into_blocks(database, is_new ? &sums : nullptr);
  if (is_new || is_plain) {
    const auto summed = is_new ? std::nullopt : ends.find(which::summed, plain);
    const auto anchor = is_new ? begin_of(database) : ends.read(which::anchor, plain);
    const auto head = chain_anew(database, chain, anchor);
    add_usage(database, sums);
    ends.write(which::anchor, anchor, chain);
    ends.write(which::head, head, chain);
    ends.write(which::summed, summed.value_or(head), chain);
  }
  transaction.commit();
}

SQLite::Database open_audit_log_to_read(const std::string& file) {
  auto database = open_database_to_read(file, audit_schema());
  if (database.tableExists("audit_rows"))
    throw std::runtime_error("its records are of an older version: the gateway brings them along when it starts");
  return database;
}

} // namespace gateway
