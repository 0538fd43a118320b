#pragma once

#include "storage/audit_block.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gateway {

/// Which blocks: those that may have records of these numbers and moments.
struct block_range {
  std::int64_t from = 0; ///< A number.
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  std::optional<timestamp> oldest{};
  std::optional<timestamp> newest{};
  bool backwards = false; ///< The newest block first.
};

/// What is met where the bytes of a record should be is none.
class damaged_record : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Goes through blocks, one at a time. The records of one are only read when they are asked for. Whatever is damaged
/// throws `damaged_record` when it is met, and can be stepped over.
class block_cursor {
 public:
  block_cursor(SQLite::Database& database, const block_range& range);

  /// To the next block, the first one at the beginning; false when there is none.
  bool step();
  /// The block without its records and its directory.
  const audit_block& head() const { return head_; }
  std::int64_t end() const { return head_.first + static_cast<std::int64_t>(head_.count); }
  /// Valid until the next step.
  const block_directory& directory() const { return directory_; }
  /// The bytes of a record, by its place in the block; valid until the next step.
  std::string_view bytes(std::size_t place);
  /// The record itself.
  void read(std::size_t place, audit_record& into);
  /// Every record of the blocks to come, with its number. What is damaged is passed over: `verify-audit` tells of it,
  /// and it stops nobody who needs the others.
  void visit(const std::function<void(std::int64_t sequence, const audit_record& record)>& each);

 private:
  [[noreturn]] void refuse(std::size_t place) const;

  SQLite::Statement blocks_;
  SQLite::Statement records_;
  audit_block head_;
  block_directory directory_{{}};
  std::string_view read_; ///< All records of the block; without any bytes: not yet.
};

/// Writes blocks.
class block_writer {
 public:
  explicit block_writer(SQLite::Database& database) : database_(database) {}

  void insert(const audit_block& block);
  /// Deletes the blocks that begin before `end`.
  void erase_before(std::int64_t end);

 private:
  SQLite::Database& database_;
  SQLite::Statement insert_block_{database_, "INSERT INTO audit_blocks VALUES (?, ?, ?, ?, ?)"};
  SQLite::Statement insert_records_{database_, "INSERT INTO audit_block_records VALUES (?, ?, ?)"};
};

} // namespace gateway
