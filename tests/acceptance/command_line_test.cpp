#include "tests/acceptance/program_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

using Catch::Contains;

TEST_CASE("the program tells its version, and how it is called", "[acceptance]") {
  const program_fixture it;
  const auto version = run({it.binary, "version"});
  CHECK(version.exit_code == 0);
  CHECK(version.output == "v1.0.0\n");
  const auto help = run({it.binary, "--help"});
  CHECK(help.exit_code == 0);
  for (const auto* word : {"serve", "check", "version"}) CHECK_THAT(help.output, Contains(word));
}

TEST_CASE("a command line that makes no sense ends with 2", "[acceptance]") {
  const program_fixture it;
  CHECK(run({it.binary, "server"}).exit_code == 2);
  CHECK(run({it.binary, "serve", "--port", "8080"}).exit_code == 2);
  CHECK(run({it.binary, "check", "--config"}).exit_code == 2);
}

TEST_CASE("check prints what would be built, and no secret", "[acceptance]") {
  const program_fixture it;
  const auto checked = it.run_once("check");
  CHECK(checked.exit_code == 0);
  for (const auto* word : {"127.0.0.1", "quota", "auth", "audit", "echo"}) CHECK_THAT(checked.output, Contains(word));
  CHECK_THAT(checked.output, !Contains("operators-only"));
}

TEST_CASE("the config that comes with the program is one that it can run", "[acceptance]") {
  const program_fixture it;
  CHECK(run({it.binary, "check"}).exit_code == 0);
  CHECK(run({it.binary, "check", "--config", "config/gateway.json"}).exit_code == 0);
  CHECK(run({it.binary, "check", "--config", "config/example.openai.json"}, {{"OPENAI_API_KEY", "x"}}).exit_code == 0);
}

TEST_CASE("a config with faults ends with 2, and every fault is told with its place", "[acceptance]") {
  program_fixture it;
  it.write(R"({"listen":{"port":70000,"hots":"127.0.0.1"},"limits":{"in_flight":"many"},
               "models":{"m":{"targets":[{"upstream":"nowhere"}]}},"qota_defaults":{}})");
  for (const auto* command : {"check", "serve"}) {
    const auto refused = it.run_once(command);
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.output, Contains(it.file));
    for (const auto* pointer :
         {"/listen/port", "/listen/hots", "/limits/in_flight", "/models/m/targets/0/upstream", "/qota_defaults"})
      CHECK_THAT(refused.output, Contains(pointer));
    CHECK_THAT(refused.output, Contains("host"));
    CHECK_THAT(refused.output, Contains("quota_defaults"));
  }
}

TEST_CASE("a config that is not there, or is not JSON, ends with 2", "[acceptance]") {
  program_fixture it;
  it.write("{");
  CHECK(it.run_once("serve").exit_code == 2);
  const auto missing = run({it.binary, "serve", "--config", it.directory.file("none.json")});
  CHECK(missing.exit_code == 2);
  CHECK_THAT(missing.output, Contains("none.json"));
}

TEST_CASE("the default admin token is refused when others than this machine could reach the gateway", "[acceptance]") {
  program_fixture it;
  it.write_config({{"admin", {{"token", "dev-admin-token"}}}});
  CHECK(it.run_once("check").exit_code == 0);
  const auto refused = it.run_once("serve", {{"ADDR", ":0"}});
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.output, Contains("admin"));
  CHECK(it.run_once("check", {{"ADDR", ":0"}, {"ADMIN_TOKEN", "another"}}).exit_code == 0);
}

TEST_CASE("a port that is taken ends with 1", "[acceptance]") {
  program_fixture it;
  const auto taken = loopback_socket::listen();
  const auto address = "127.0.0.1:" + std::to_string(taken.port());
  const auto refused = it.run_once("serve", {{"ADDR", address}});
  CHECK(refused.exit_code == 1);
  CHECK_THAT(refused.output, Contains("cannot listen on " + address));
}

TEST_CASE("the environment of the gateway's first version wins over the file", "[acceptance]") {
  program_fixture it;
  it.write_config({{"listen", {{"host", "127.0.0.2"}, {"port", 1}}}});
  it.start(
      {{"ADDR", "127.0.0.1:0"}, {"ADMIN_TOKEN", "from-outside"}, {"SQLITE_PATH", it.directory.file("elsewhere.db")}});
  CHECK(it.call("GET", "/healthz").status == 200);
  CHECK(it.admin("GET", "/admin/keys").status == 403);
  CHECK(it.call("GET", "/admin/keys", {{"X-Admin-Token", "from-outside"}}).status == 200);
  CHECK(std::ifstream(it.directory.file("elsewhere.db")).good());
}

} // namespace
} // namespace gateway
