#pragma once

#include "storage/audit_store.hpp"
#include "storage/audit_verify.hpp"
#include "tests/storage/forger.hpp"
#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace gateway {

/// A log of 3000 records, and somebody who has its file but not its key.
struct tampered_log {
  temporary_directory directory;
  std::string file = directory.file("audit.db");
  secret key{"the operator's"};

  tampered_log() { REQUIRE(open()->append(sample_records(0, 3000))); }

  std::unique_ptr<audit_store> open() const { return std::move(open_sqlite_audit_store(file, key).value()); }
  void tamper(const std::string& sql) const { forger(file).run(sql); }
  audit_verdict verdict() const { return verify_audit_log(file, key).value(); }
  std::string flaw() const {
    const auto found = verdict();
    return found.flaw ? found.flaw->what : "";
  }
  void delete_the_oldest(int count) const {
    const auto log = open();
    while (
        log->trim({.days = 10, .max_bytes = 0}, sample_moment(std::chrono::days{10} + std::chrono::milliseconds{count}))
            .value()) {
    }
  }
};

} // namespace gateway
