#pragma once

#include "storage/audit_block.hpp"
#include "storage/audit_codec.hpp"
#include "storage/byte_fields.hpp"
#include "storage/sqlite/audit_blocks.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <functional>
#include <string>
#include <vector>

namespace gateway {

/// Somebody who has the file of an audit log, and knows its form, but not its key.
class forger {
 public:
  struct item {
    block_entry entry; ///< Its end counts for nothing.
    std::string bytes;
  };
  using items = std::vector<item>;

  explicit forger(const std::string& file) : database_(file, SQLite::OPEN_READWRITE, 5000) {}

  void run(const std::string& sql) { database_.exec(sql); }

  /// Gives `how` the records of the block that has the one of this number, and its place there.
  void edit(std::int64_t sequence, const std::function<void(items&, std::size_t place)>& how) {
    std::int64_t first = 0;
    items records;
    {
      block_cursor block(database_, {.from = sequence});
      if (!block.step()) throw std::runtime_error("there is no such record");
      first = block.head().first;
      for (std::size_t place = 0; place < block.head().count; ++place)
        records.push_back({block.directory().at(place), std::string(block.bytes(place))});
    }
    how(records, static_cast<std::size_t>(sequence - first));
    write(first, records);
  }

  /// Changes a record, and what searches go by; its link stays.
  void change(std::int64_t sequence, const std::function<void(audit_record&)>& how) {
    edit(sequence, [&](items& records, std::size_t place) {
      audit_record record;
      if (!decode_record(records[place].bytes, record)) throw std::runtime_error("this is no record");
      how(record);
      records[place].bytes.clear();
      encode(record, records[place].bytes);
      records[place].entry.tenant = audit_tag(record.tenant_id);
      records[place].entry.request = audit_tag(record.request_id);
    });
  }

 private:
  void write(std::int64_t first, const items& records) {
    std::string bytes;
    std::string directory(records.size() * block_directory::entry_size, '\0');
    field_writer fields(directory.data());
    for (const auto& each : records) {
      bytes += each.bytes;
      fields.number(static_cast<std::uint32_t>(bytes.size()));
      for (const auto number : {each.entry.tenant, each.entry.request, each.entry.link}) fields.number(number);
    }
    SQLite::Statement set(database_, "UPDATE audit_block_records SET directory = ?, records = ? WHERE first = ?");
    set.bind(1, directory.data(), static_cast<int>(directory.size()));
    set.bind(2, bytes.data(), static_cast<int>(bytes.size()));
    set.bind(3, first);
    set.exec();
    SQLite::Statement count(database_, "UPDATE audit_blocks SET records = ? WHERE first = ?");
    count.bind(1, static_cast<std::int64_t>(records.size()));
    count.bind(2, first);
    count.exec();
  }

  SQLite::Database database_;
};

} // namespace gateway
