#include "config/checks.hpp"

#include "tests/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using gateway::testing::complaints_of;
using gateway::testing::lines;

namespace {

lines of_listen(const std::string& host, const std::string& token) {
  return complaints_of(R"({ "listen": { "host": ")" + host + R"(" }, "admin": { "token": ")" + token + R"(" } })");
}

} // namespace

TEST_CASE("the default admin token and an empty one are for loopback only") {
  const auto* const loopback = GENERATE("127.0.0.1", "127.9.8.7", "::1", "localhost", "LocalHost");
  const auto* const open = GENERATE("0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "127.example.com",
                                    "localhost.example.com", "::ffff:10.0.0.1", "1270.0.0.1");
  CAPTURE(loopback, open);
  CHECK(of_listen(loopback, "dev-admin-token").empty());
  CHECK(of_listen(loopback, "").empty());
  CHECK(of_listen(open, "of-my-own").empty());
  CHECK(of_listen(open, "dev-admin-token") ==
        lines{std::string("/admin/token: the default admin token is for loopback only, and listen.host is ") + open +
              ": set ADMIN_TOKEN or admin.token"});
  CHECK(of_listen(open, "") ==
        lines{std::string("/admin/token: the empty admin token is for loopback only, and listen.host is ") + open +
              ": set ADMIN_TOKEN or admin.token"});
}

TEST_CASE("a host that cannot be listened on is refused") {
  const auto* const host = GENERATE("", "[::1]", "a b", "http://localhost", "localhost:80");
  CAPTURE(host);
  CHECK(of_listen(host, "of-my-own") ==
        lines{"/listen/host: must be an address (IPv6 without brackets) or a host name; 0.0.0.0 is every interface"});
}

TEST_CASE("a secret that no header can carry is refused without being shown") {
  CHECK(complaints_of(R"({ "admin": { "token": "two words" },
                           "upstreams": { "echo": { "kind": "echo", "api_key": "sk-\r\nX-Evil: 1" } },
                           "models": { "echo": { "targets": [ { "upstream": "echo" } ] } } })") ==
        lines{"/admin/token: must be visible ASCII characters only, so that a header can carry it",
              "/upstreams/echo/api_key: must be visible ASCII characters only, so that a header can carry it"});
}

TEST_CASE("sizes must go together") {
  CHECK(complaints_of(R"({ "limits": { "request_bytes": 2097152, "buffered_bytes": 1048576 },
                           "topology": { "audit": { "queue": 10, "batch": 11 } } })") ==
        lines{"/limits/buffered_bytes: must be at least limits.request_bytes, or no such request could be taken",
              "/topology/audit/batch: must not be more than topology.audit.queue"});
}

TEST_CASE("the audit log may not share a file with the keys") {
  CHECK(complaints_of(R"({ "storage": { "directory": "data", "audit_file": "./data/../data/gateway.db" } })") ==
        lines{"/storage/audit_file: must be another file than gateway.db, which holds the keys"});
  CHECK(complaints_of("{}", {{"SQLITE_PATH", std::filesystem::absolute("data/gateway.db").string()}}) ==
        lines{"/storage/audit_file: must be another file than gateway.db, which holds the keys"});
  CHECK(complaints_of(R"({ "storage": { "directory": "" } })") ==
        lines{"/storage/directory: must not be empty; . is the working directory"});
}

TEST_CASE("an upstream of kind openai needs a base url") {
  const auto with = [](const std::string& rest) {
    return complaints_of(R"({ "upstreams": { "far": { "kind": "openai")" + rest +
                         R"( } }, "models": { "m": { "targets": [ { "upstream": "far" } ] } } })");
  };
  const lines needed{"/upstreams/far/base_url: is needed for kind openai, such as https://api.openai.com/v1"};
  CHECK(with("") == needed);
  CHECK(with(R"(, "base_url": "")") == needed);
  CHECK(with(R"(, "base_url": "http://host/v1")").empty());
  CHECK(with(R"(, "base_url": "https://host/v1")").empty());
  CHECK(with(R"(, "base_url": "host/v1")") == lines{"/upstreams/far/base_url: must start with http:// or https://"});
}

TEST_CASE("an upstream's name must fit a header") {
  CHECK(complaints_of(R"({ "upstreams": { "open/ai": { "kind": "echo" } },
                           "models": { "m": { "targets": [ { "upstream": "open/ai" } ] } } })") ==
        lines{"/upstreams/open~1ai: a name is 1 to 64 of the characters A-Z a-z 0-9 . _ -"});
}
