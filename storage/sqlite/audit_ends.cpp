#include "storage/sqlite/audit_ends.hpp"

#include "storage/sqlite/database.hpp"

#include <cstring>
#include <stdexcept>

namespace gateway {

namespace {

const char* name_of(audit_ends::which end) {
  switch (end) {
    case audit_ends::which::head: return "head";
    case audit_ends::which::anchor: return "anchor";
    case audit_ends::which::summed: return "summed";
  }
  return "";
}

} // namespace

std::optional<log_end> audit_ends::find(which end, audit_chain& chain) {
  const statement_use use(read_);
  use->bind(1, name_of(end));
  if (!use->executeStep()) return std::nullopt;
  const log_end found{use->getColumn(0).getInt64(), read_link(use->getColumn(1))};
  if (chain.seal(name_of(end), found) != read_link(use->getColumn(2))) {
    throw std::runtime_error("the log's " + std::string(name_of(end)) +
                             " is not sealed with this audit.chain_key: give the log the key that it was written with, "
                             "or move its file away to begin a new one");
  }
  return found;
}

log_end audit_ends::read(which end, audit_chain& chain) {
  const auto found = find(end, chain);
  if (!found) throw std::runtime_error("the log has lost its " + std::string(name_of(end)));
  return *found;
}

void audit_ends::write(which end, const log_end& at, audit_chain& chain) {
  const auto seal = chain.seal(name_of(end), at);
  if (!write_) {
    write_.emplace(database_,
                   "INSERT INTO audit_ends VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                   " sequence = excluded.sequence, chain = excluded.chain, seal = excluded.seal");
  }
  const statement_use use(*write_);
  use->bind(1, name_of(end));
  use->bind(2, at.sequence);
  use->bind(3, at.link.data(), static_cast<int>(at.link.size()));
  use->bind(4, seal.data(), static_cast<int>(seal.size()));
  use->exec();
}

chain_link read_link(const SQLite::Column& column) {
  chain_link link{};
  if (const auto size = static_cast<std::size_t>(column.getBytes()); size == link.size())
    std::memcpy(link.data(), column.getBlob(), size);
  return link;
}

} // namespace gateway
