#include "config/topology.hpp"
#include "tests/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using Catch::Matchers::Contains;
using gateway::testing::complaints_of;
using gateway::testing::lines;
using gateway::testing::load;

namespace {

lines of_tokens(const std::string& tokens, const std::string& rest = {}) {
  return complaints_of(R"({ "admin": { "token": "main", "tokens": [)" + tokens + "] }" + rest + " }");
}

} // namespace

TEST_CASE("several operators have a token and a role each") {
  const auto loaded = load(R"({ "admin": { "tokens": [ { "name": "ada", "token": "a" },
                                                       { "name": "bob", "token": "b", "role": "viewer" } ] } })");
  REQUIRE(loaded.has_value());
  REQUIRE(loaded->admin.tokens.size() == 2);
  CHECK(loaded->admin.tokens[0].role == admin_role::admin);
  CHECK(loaded->admin.tokens[1].name == "bob");
  CHECK(loaded->admin.tokens[1].token.reveal() == "b");
  CHECK(loaded->admin.tokens[1].role == admin_role::viewer);
  const auto text = describe_topology(*loaded, 1);
  CHECK_THAT(text, Contains("the default one, for loopback only, ada (admin), bob (viewer)"));
}

TEST_CASE("operators who could not be told apart are refused, without showing a token") {
  CHECK(of_tokens(R"({ "name": "a", "token": "1" }, { "name": "a", "token": "2" })") ==
        lines{"/admin/tokens/1/name: is another token's name already, or that of admin.token"});
  CHECK(of_tokens(R"({ "name": "admin", "token": "1" })") ==
        lines{"/admin/tokens/0/name: is another token's name already, or that of admin.token"});
  CHECK(of_tokens(R"({ "name": "a", "token": "hunter2" }, { "name": "b", "token": "hunter2" })") ==
        lines{"/admin/tokens/1/token: is another operator's token already"});
  CHECK(of_tokens(R"({ "name": "a", "token": "main" })") ==
        lines{"/admin/tokens/0/token: is another operator's token already"});
}

TEST_CASE("a token that nobody can send, or that has no name, is refused") {
  CHECK(of_tokens(R"({ "name": "a", "token": "" })") == lines{"/admin/tokens/0/token: must not be empty"});
  CHECK(of_tokens(R"({ "name": "a", "token": "two words" })") ==
        lines{"/admin/tokens/0/token: must be visible ASCII characters only, so that a header can carry it"});
  CHECK(of_tokens(R"({ "name": "", "token": "x" })") ==
        lines{"/admin/tokens/0/name: a name is 1 to 64 of the characters A-Z a-z 0-9 . _ -"});
  CHECK(of_tokens(R"({ "name": "a", "token": "x", "role": "owner" })") ==
        lines{"/admin/tokens/0/role: must be one of viewer, admin"});
  CHECK(of_tokens(R"({ "token": "x" })").size() == 1);
}

TEST_CASE("named tokens are enough on a network, and the default one is not, whoever has it") {
  const std::string on_a_network = R"(, "listen": { "host": "0.0.0.0" })";
  CHECK(
      complaints_of(R"({ "admin": { "token": "", "tokens": [ { "name": "a", "token": "x" } ] })" + on_a_network + " }")
          .empty());
  CHECK(of_tokens(R"({ "name": "a", "token": "dev-admin-token" })", on_a_network) ==
        lines{"/admin/tokens/0/token: is the default admin token, which is for loopback only"});
}

TEST_CASE("what is kept of the audit log is said in days and bytes, with a key of its chain") {
  const auto loaded = load(R"({ "audit": { "retention_days": 30, "max_bytes": 1073741824, "chain_key": "hunter2",
                                           "interrupted": "release" } })");
  REQUIRE(loaded.has_value());
  CHECK(loaded->audit.retention_days == 30);
  CHECK(loaded->audit.max_bytes == 1073741824);
  CHECK(loaded->audit.chain_key.reveal() == "hunter2");
  CHECK(loaded->audit.interrupted == interrupted_policy::release);
  const auto text = describe_topology(*loaded, 1);
  CHECK_THAT(text, Contains("at most 30 days and 1024 MiB; chained with a key; interrupted requests: release"));
  CHECK_THAT(text, !Contains("hunter2"));
  CHECK_THAT(describe_topology(config{}, 1), Contains("for ever; chained without a key; interrupted requests: charge"));
  CHECK(complaints_of(R"({ "audit": { "retention_days": -1, "interrupted": "maybe" } })").size() == 2);
}
