#include "config/load.hpp"
#include "tests/config/fixture.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace gateway;
using gateway::testing::load;

namespace {

std::string example() {
  std::ifstream file("config/example.openai.json");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string nested(char open, std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open == '{' ? "{\"a\":" : "[";
  return text;
}

// A config or at least one complaint, every one with a message: and above all no exception.
void is_answered(std::string_view text) {
  const auto loaded = load(text);
  if (loaded) return;
  REQUIRE_FALSE(loaded.error().empty());
  for (const auto& one : loaded.error()) REQUIRE_FALSE(one.message.empty());
}

} // namespace

TEST_CASE("nonsense is refused and never throws") {
  const auto text = GENERATE(
      as<std::string>(), "", " ", "// only a comment", "/* open", "null", "true", "5", "1e999", "-1e999", "\"text\"",
      "[]", "[{}]", "{", "}", "{}{}", "{\"a\"", "{\"a\":", "{\"a\":}", "{a:1}", "{'a':1}", "{\"a\":01}", "{\"a\":nan}",
      "{\"a\":\"\\ud800\"}", "{\"a\":\"\\x\"}", "{\"\xff\":1}", "{\"a\":\"\xc3\"}", std::string("{\0}", 3),
      R"({ "listen": null })", R"({ "listen": { "port": 99999999999999999999999 } })",
      R"({ "listen": { "port": -9223372036854775808 } })", R"({ "listen": { "port": 1e308 } })",
      R"({ "listen": { "port": 18446744073709551615 } })", R"({ "upstreams": { "": {} } })", R"({ "": {} })",
      R"({ "models": { "*": { "targets": [ { } ] } } })", R"({ "models": { "m": { "targets": { "0": {} } } } })",
      R"({ "admin": { "token": "${" } })", R"({ "admin": { "token": "${}" } })",
      R"({ "admin": { "token": "${file:}" } })", R"({ "admin": { "token": "${file:/}" } })",
      R"({ "admin": { "token": "${file:\u0000}" } })", R"({ "admin": { "token": "${A:-${B}}" } })",
      R"({ "upstreams": { "u": { "kind": "echo", "kind": "openai" } } })");
  CAPTURE(text);
  const auto loaded = load(text);
  REQUIRE_FALSE(loaded.has_value());
  CHECK_FALSE(loaded.error().empty());
}

TEST_CASE("nesting is bounded") {
  CHECK_FALSE(load(nested('{', 1'000'000)).has_value());
  CHECK_FALSE(load(nested('[', 1'000'000)).has_value());
}

TEST_CASE("a config cut off anywhere is answered") {
  const auto whole = example();
  REQUIRE(load(whole).has_value());
  for (std::size_t size = 0; size < whole.size(); ++size) is_answered(std::string_view(whole).substr(0, size));
}

TEST_CASE("a config with one character changed is answered") {
  const auto whole = example();
  const std::string_view put("\"{}[,0$*\n\0\xff", 11);
  // Every position is tried, each with the characters in turn.
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto text = whole;
    text[at] = put[at % put.size()];
    is_answered(text);
  }
}

TEST_CASE("a value of any wrong type anywhere is answered") {
  const auto* const key = GENERATE("$schema", "listen", "admin", "storage", "topology", "limits", "timeouts", "retry",
                                   "upstreams", "models", "default_model", "quota_defaults", "log");
  const auto* const value = GENERATE("null", "true", "-1", "0.5", "\"\"", "[]", "[[]]", "{}", "{\"\":{}}", "{\"x\":[]}",
                                     "{\"x\":{\"targets\":[{}]}}", "{\"x\":{\"kind\":{}}}");
  is_answered(std::string("{\"") + key + "\":" + value + "}");
}

TEST_CASE("what is wrong with a secret is said without showing it") {
  const auto text =
      GENERATE(as<std::string>(), R"({ "admin": { "token": "hunter2 )", "{ \"admin\": { \"token\": \"hunter2\n\" } }",
               R"({ "admin": { "token": "hunter2 \q" } })", R"({ "admin": { "token": hunter2 } })",
               R"({ "admin": { "token": "hunter2 ${" } })", R"({ "admin": { "token": ["hunter2"] } })",
               R"({ "listen": { "port": "hunter2" } })", R"({ "log": { "level": "hunter2" } })",
               R"({ "upstreams": { "u": { "kind": "openai", "base_url": "http://a:hunter2@host" } } })",
               R"({ "upstreams": { "u": { "kind": "echo", "api_keys": ["hunter2 "] } } })",
               R"({ "upstreams": { "u": { "kind": "echo", "api_keys": [["hunter2"]] } } })",
               R"({ "upstreams": { "u": { "kind": "echo", "https_proxy": "http://a:hunter2@host" } } })",
               R"({ "upstreams": { "u": { "kind": "echo", "https_proxy": "http://a:hunter2@host:1" } } })");
  CAPTURE(text);
  const auto loaded = load(text);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(to_string(loaded.error()).find("hunter2") == std::string::npos);
}
