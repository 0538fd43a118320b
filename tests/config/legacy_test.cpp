#include "config/legacy.hpp"

#include "tests/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using gateway::testing::complaints_of;
using gateway::testing::lines;
using gateway::testing::load;

TEST_CASE("ADDR is read as the first version of the gateway read it") {
  const auto [text, host, port] = GENERATE(table<std::string, std::string, int>({
      {":8080", "0.0.0.0", 8080},
      {"127.0.0.1:9000", "127.0.0.1", 9000},
      {"localhost:0", "localhost", 0},
      {"[::1]:8080", "::1", 8080},
      {"[::]:65535", "::", 65535},
  }));
  CAPTURE(text);
  const auto listen = parse_listen_address(text);
  REQUIRE(listen.has_value());
  CHECK(listen->host == host);
  CHECK(listen->port == port);
}

TEST_CASE("an ADDR that is no address is refused") {
  const auto* const text =
      GENERATE("8080", "localhost", "localhost:", ":http", ":65536", ":-1", "::1:8080", "[localhost]:80", "[::1]",
               "a b:80", "[::1:80", "[]:80", "[:]:80", "http://localhost:80");
  CAPTURE(text);
  CHECK_FALSE(parse_listen_address(text).has_value());
  CHECK(complaints_of("{}", {{"ADDR", text}}) ==
        lines{"environment: ADDR must be :PORT, HOST:PORT or [IPV6]:PORT, such as 127.0.0.1:8080"});
}

TEST_CASE("the legacy variables win over the file") {
  const auto* const text = R"({ "listen": { "host": "127.0.0.1", "port": 1 }, "admin": { "token": "of-the-file" },
                                "storage": { "audit_file": "of-the-file.db" } })";
  const auto loaded =
      load(text, {{"ADDR", ":9000"}, {"ADMIN_TOKEN", "of-the-environment"}, {"SQLITE_PATH", "/srv/audit.sqlite"}});
  REQUIRE(loaded.has_value());
  CHECK(loaded->listen.host == "0.0.0.0");
  CHECK(loaded->listen.port == 9000);
  CHECK(loaded->admin.token.reveal() == "of-the-environment");
  CHECK(loaded->storage.audit_db == "/srv/audit.sqlite");
  CHECK(loaded->storage.gateway_db == "data/gateway.db");
}

TEST_CASE("a legacy variable that is empty changes nothing") {
  const auto loaded =
      load(R"({ "admin": { "token": "of-the-file" } })", {{"ADDR", ""}, {"ADMIN_TOKEN", ""}, {"SQLITE_PATH", ""}});
  REQUIRE(loaded.has_value());
  CHECK(loaded->listen.host == "127.0.0.1");
  CHECK(loaded->admin.token.reveal() == "of-the-file");
  CHECK(loaded->storage.audit_db == "data/audit.db");
}

TEST_CASE("ADDR on every interface is refused while the admin token is the default one") {
  CHECK(complaints_of("{}", {{"ADDR", ":8080"}}) ==
        lines{"/admin/token: the default admin token is for loopback only, and listen.host is 0.0.0.0: "
              "set ADMIN_TOKEN or admin.token"});
  CHECK(complaints_of("{}", {{"ADDR", ":8080"}, {"ADMIN_TOKEN", "a-better-one"}}).empty());
}
