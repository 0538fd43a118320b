#pragma once

#include "storage/audit_chain.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <optional>

namespace gateway {

/// Where the log stands (`head`: its newest record), where it begins (`anchor`: the newest record that retention has
/// deleted), and up to where usage is summed up (`summed`). Each is sealed with the key of the chain: whoever has only
/// the file can move neither.
class audit_ends {
 public:
  enum class which : std::uint8_t { head, anchor, summed };

  explicit audit_ends(SQLite::Database& database) : database_(database) {}

  /// Nothing when there is none. Throws when it is not sealed with the key of `chain`.
  std::optional<log_end> find(which end, audit_chain& chain);
  /// The same, and throws when there is none.
  log_end read(which end, audit_chain& chain);
  void write(which end, const log_end& at, audit_chain& chain);

 private:
  SQLite::Database& database_;
  SQLite::Statement read_{database_, "SELECT sequence, chain, seal FROM audit_ends WHERE name = ?"};
  std::optional<SQLite::Statement> write_; ///< Made when it is needed: the connection may be for reading only.
};

/// Zeros when there is none.
chain_link read_link(const SQLite::Column& column);

} // namespace gateway
