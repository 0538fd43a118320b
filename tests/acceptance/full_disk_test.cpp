#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/program_fixture.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <set>
#include <string>

namespace gateway {
namespace {

using Catch::Contains;
using nlohmann::json;

/// A gateway whose files may not grow when the test wants that: for it, a full file system.
struct full_disk_fixture : program_fixture {
  std::string journal = directory.file("data/audit.db.journal");
  int sent = 0;
  std::set<std::string> served; ///< The ids of the requests that were answered with 200.

  void limit_files(rlim_t bytes) const {
    rlimit now{};
    REQUIRE(::prlimit(program->id(), RLIMIT_FSIZE, nullptr, &now) == 0);
    now.rlim_cur = bytes;
    REQUIRE(::prlimit(program->id(), RLIMIT_FSIZE, &now, nullptr) == 0);
  }
  void fill_disk() const { limit_files(std::filesystem::file_size(journal)); }
  void empty_disk() const { limit_files(RLIM_INFINITY); }

  http_response chat_once(const json& key) {
    const auto id = "chat-" + std::to_string(++sent);
    auto answer = call("POST", "/chat", {{"X-API-Key", key.at("key")}, {"X-Request-ID", id}}, R"({"message":"hi"})");
    if (answer.status == 200) served.insert(id);
    return answer;
  }

  void until(const char* what, const std::function<bool()>& holds) const {
    const auto end = std::chrono::steady_clock::now() + patience;
    INFO("waiting for: " << what);
    while (!holds())
      if (std::chrono::steady_clock::now() > end) FAIL("it did not come in time");
  }

  std::multiset<std::string> recorded() const {
    std::multiset<std::string> found;
    for (const auto& each : admin("GET", "/admin/audit?tenant_id=acme&status=200&limit=1000").json())
      found.insert(each.at("request_id").get<std::string>());
    return found;
  }
};

TEST_CASE_METHOD(full_disk_fixture,
                 "on a full disk requests are refused and readiness ends, and with room it all goes on by itself",
                 "[acceptance]") {
  write_config({{"topology", {{"workers", 1}, {"audit", {{"durability", GENERATE("grouped", "strict")}}}}}});
  start();
  const auto key = make_key();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i) CHECK(chat_once(key).status == 200);
    CHECK(admin("GET", "/readyz").status == 200);
    fill_disk();
    // It shows when the first record does not fit.
    until("a refusal", [&] { return chat_once(key).status == 503; });
    until("the end of readiness", [&] { return call("GET", "/readyz").status == 503; });
    for (int i = 0; i < 5; ++i) check_failure(chat_once(key), 503, "PLATFORM_DEPENDENCY_UNAVAILABLE");
    CHECK(call("GET", "/readyz").status == 503);
    CHECK(call("GET", "/healthz").status == 200);
    empty_disk();
    until("readiness", [&] { return call("GET", "/readyz").status == 200; });
    CHECK(chat_once(key).status == 200);
  }
  until("every record", [&] { return recorded().size() >= served.size(); });
  CHECK(recorded() == std::multiset<std::string>(served.begin(), served.end()));
  program->send_signal(SIGTERM);
  CHECK(program->wait() == 0);
  CHECK_THAT(program->output(), Contains("audit_waits"));
  start();
  CHECK(recorded() == std::multiset<std::string>(served.begin(), served.end()));
}

TEST_CASE_METHOD(full_disk_fixture, "a second gateway on the same storage does not start, and the first goes on",
                 "[acceptance]") {
  start();
  const auto key = make_key();
  const auto second = run_once("serve");
  CHECK(second.exit_code == 1);
  CHECK_THAT(second.output, Contains("another gateway is running on it") && Contains("audit.db.journal"));
  CHECK(chat_once(key).status == 200);
}

TEST_CASE_METHOD(full_disk_fixture, "after kill -9 the log has what the journal had, and says so", "[acceptance]") {
  start();
  const auto key = make_key();
  for (int i = 0; i < 20; ++i) CHECK(chat_once(key).status == 200);
  until("every record", [&] { return recorded().size() == 20; });
  for (int i = 0; i < 20; ++i) CHECK(chat_once(key).status == 200);
  until("a commit", [&] { return std::filesystem::file_size(journal) > 20 * 2 * 100; });
  program->send_signal(SIGKILL);
  CHECK(program->wait() == -SIGKILL);
  start();
  CHECK_THAT(program->output(), Contains("audit_recovered"));
  const auto found = recorded();
  CHECK(found.size() >= 20);
  for (const auto& id : found) CHECK(found.count(id) == 1);
}

} // namespace
} // namespace gateway
