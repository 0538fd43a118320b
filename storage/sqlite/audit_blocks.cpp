#include "storage/sqlite/audit_blocks.hpp"

#include "storage/audit_codec.hpp"
#include "storage/sqlite/audit_ends.hpp"
#include "storage/sqlite/database.hpp"

#include <SQLiteCpp/Column.h>
#include <fmt/format.h>

#include <limits>

namespace gateway {

namespace {

constexpr auto most = static_cast<std::int64_t>(audit_block::most_records);

std::int64_t stored_moment(timestamp moment) { return moment.time_since_epoch().count(); }

timestamp moment_of(const SQLite::Column& column) { return timestamp{std::chrono::milliseconds{column.getInt64()}}; }

std::string_view bytes_of(const SQLite::Column& column) {
  return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}

// The block that holds the number `from` may begin before it. CROSS JOIN keeps the order in which the tables are asked.
std::string select_blocks(const block_range& range) {
  std::string sql =
      "SELECT b.first, b.records, b.oldest, b.newest, b.chain, r.directory"
      " FROM audit_blocks b CROSS JOIN audit_block_records r ON r.first = b.first"
      " WHERE b.first >= coalesce((SELECT max(first) FROM audit_blocks WHERE first <= ?1), ?1)"
      " AND b.first + b.records > ?1 AND b.first < ?2";
  if (range.oldest) sql += " AND b.newest >= ?3";
  if (range.newest) sql += " AND b.oldest <= ?4";
  return sql + (range.backwards ? " ORDER BY b.first DESC" : " ORDER BY b.first");
}

} // namespace

block_cursor::block_cursor(SQLite::Database& database, const block_range& range)
    : blocks_(database, select_blocks(range)),
      records_(database, "SELECT records FROM audit_block_records WHERE first = ?") {
  blocks_.bind(1, range.from);
  blocks_.bind(2, range.before);
  if (range.oldest) blocks_.bind(3, stored_moment(*range.oldest));
  if (range.newest) blocks_.bind(4, stored_moment(*range.newest));
}

bool block_cursor::step() {
  read_ = {};
  records_.reset();
  if (!blocks_.executeStep()) return false;
  head_.first = blocks_.getColumn(0).getInt64();
  const auto count = blocks_.getColumn(1).getInt64();
  head_.count = count > 0 && count <= most ? static_cast<std::size_t>(count) : 0;
  head_.oldest = moment_of(blocks_.getColumn(2));
  head_.newest = moment_of(blocks_.getColumn(3));
  head_.link = read_link(blocks_.getColumn(4));
  const auto directory = bytes_of(blocks_.getColumn(5));
  directory_ = block_directory(directory);
  if (head_.count == 0 || head_.first > std::numeric_limits<std::int64_t>::max() - most ||
      directory.size() != head_.count * block_directory::entry_size)
    refuse(0);
  return true;
}

std::string_view block_cursor::bytes(std::size_t place) {
  if (read_.empty()) {
    records_.reset();
    records_.bind(1, head_.first);
    if (!records_.executeStep()) refuse(place);
    read_ = bytes_of(records_.getColumn(0));
    if (directory_.at(head_.count - 1).end != read_.size()) refuse(place);
  }
  const std::size_t begin = place == 0 ? 0 : directory_.at(place - 1).end;
  const std::size_t end = directory_.at(place).end;
  if (begin > end || end > read_.size()) refuse(place);
  return read_.substr(begin, end - begin);
}

void block_cursor::read(std::size_t place, audit_record& into) {
  if (!decode_record(bytes(place), into)) refuse(place);
}

void block_cursor::visit(const std::function<void(std::int64_t, const audit_record&)>& each) {
  audit_record record;
  for (bool is_there = true; is_there;) {
    try {
      is_there = step();
      if (!is_there) return;
    } catch (const damaged_record&) {
      continue;
    }
    for (std::size_t place = 0; place < head_.count; ++place) {
      try {
        read(place, record);
      } catch (const damaged_record&) {
        continue;
      }
      each(head_.first + static_cast<std::int64_t>(place), record);
    }
  }
}

void block_cursor::refuse(std::size_t place) const {
  throw damaged_record(
      fmt::format("record {} is damaged: its bytes are none", head_.first + static_cast<std::int64_t>(place)));
}

void block_writer::insert(const audit_block& block) {
  const statement_use head(insert_block_);
  head->bind(1, block.first);
  head->bind(2, static_cast<std::int64_t>(block.count));
  head->bind(3, stored_moment(block.oldest));
  head->bind(4, stored_moment(block.newest));
  head->bindNoCopy(5, block.link.data(), static_cast<int>(block.link.size()));
  head->exec();
  const statement_use records(insert_records_);
  records->bind(1, block.first);
  records->bindNoCopy(2, block.directory.data(), static_cast<int>(block.directory.size()));
  records->bindNoCopy(3, block.records.data(), static_cast<int>(block.records.size()));
  records->exec();
}

void block_writer::erase_before(std::int64_t end) {
  for (const auto* table : {"audit_blocks", "audit_block_records"}) {
    SQLite::Statement erase(database_, fmt::format("DELETE FROM {} WHERE first < ?", table));
    erase.bind(1, end);
    erase.exec();
  }
}

} // namespace gateway
