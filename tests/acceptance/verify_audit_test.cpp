#include "tests/acceptance/program_fixture.hpp"
#include "tests/storage/forger.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <string>
#include <vector>

namespace gateway {
namespace {

using Catch::Contains;

/// A gateway that has answered ten requests, and still runs.
struct used_program : program_fixture {
  used_program() {
    start();
    const auto key = make_key();
    for (int i = 0; i < 10; ++i) REQUIRE(chat(key).status == 200);
    // Who looks at the log makes it complete.
    REQUIRE(admin("GET", "/admin/audit?tenant_id=acme&limit=1000").json().size() >= 10);
  }
  finished_process verify() const { return run_once("verify-audit"); }
};

TEST_CASE_METHOD(used_program, "verify-audit tells what it has verified, also while the gateway runs", "[acceptance]") {
  const auto running = verify();
  INFO(running.output);
  CHECK(running.exit_code == 0);
  CHECK_THAT(running.output, Contains("records, 1 to ") && Contains("head "));
  program->send_signal(SIGTERM);
  CHECK(program->wait() == 0);
  const auto stopped = verify();
  INFO(stopped.output);
  CHECK(stopped.exit_code == 0);
}

TEST_CASE_METHOD(used_program, "verify-audit ends with 1 and names the first record that is not as it was",
                 "[acceptance]") {
  forger one(directory.file("data/audit.db"));
  one.change(7, [](audit_record& record) { record.status = 500; });
  one.change(9, [](audit_record& record) { record.tenant_id = "other"; });
  const auto found = verify();
  CHECK(found.exit_code == 1);
  CHECK_THAT(found.output, Contains("record 7 is not the one that was written there"));
}

TEST_CASE("verify-audit without a log ends with 1, and with a bad config with 2", "[acceptance]") {
  program_fixture it;
  const auto missing = it.run_once("verify-audit");
  CHECK(missing.exit_code == 1);
  CHECK_THAT(missing.output, Contains("audit.db"));
  it.write("{");
  CHECK(it.run_once("verify-audit").exit_code == 2);
}

TEST_CASE_METHOD(used_program, "export-audit prints every record, also those that are nobody's", "[acceptance]") {
  const auto lines_of = [&] {
    const auto exported = run_once("export-audit");
    CHECK(exported.exit_code == 0);
    std::istringstream lines(exported.output);
    std::vector<nlohmann::json> records;
    for (std::string line; std::getline(lines, line);) records.push_back(nlohmann::json::parse(line));
    for (std::size_t i = 0; i < records.size(); ++i) CHECK(records[i]["sequence"] == records.size() - i);
    return records;
  };
  CHECK(chat({{"key", "gw_live_nobody"}}).status == 401);
  const auto while_it_runs = lines_of().size();
  CHECK(while_it_runs >= 10);
  program->send_signal(SIGTERM);
  CHECK(program->wait() == 0);
  const auto records = lines_of();
  CHECK(records.size() >= while_it_runs);
  const auto nobody = std::ranges::find_if(records, [](const auto& each) { return each["status"] == 401; });
  REQUIRE(nobody != records.end());
  CHECK((*nobody)["tenant_id"].is_null());
}

TEST_CASE("export-audit without a log ends with 1", "[acceptance]") {
  program_fixture it;
  const auto missing = it.run_once("export-audit");
  CHECK(missing.exit_code == 1);
  CHECK_THAT(missing.output, Contains("audit.db"));
}

} // namespace
} // namespace gateway
