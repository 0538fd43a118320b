#pragma once

#include "storage/audit_journal.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace gateway {

/// The journal of a database that is not there.
struct journal_file {
  temporary_directory directory;
  std::string database = directory.file("audit.db");
  std::string name = audit_journal_file(database);

  std::unique_ptr<audit_journal> open() const { return std::move(open_audit_journal(database).value()); }
  std::string refusal() const {
    const auto refused = open_audit_journal(database);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ec::dependency_unavailable);
    CHECK_THAT(refused.error().message, Catch::Contains(name));
    return refused.error().message;
  }
  std::string bytes() const {
    std::ifstream from(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(from), {}};
  }
  void write(const std::string& bytes) const { std::ofstream(name, std::ios::binary | std::ios::trunc) << bytes; }
};

} // namespace gateway
