#include "config/reading/json_text.hpp"

#include "config/reading/complaint.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace gateway;
using nlohmann::json;

namespace {

struct outcome {
  bool usable;
  json tree;
  std::string said;
};

outcome parsed(std::string_view text) {
  complaints said("f");
  outcome out{};
  out.usable = parse_json(text, out.tree, said);
  out.said = to_string(std::move(said).take());
  return out;
}

} // namespace

TEST_CASE("JSON is read as the library reads it and comments are passed over") {
  const auto* const text =
      R"({ "a": [1, -2, 0.5, 18446744073709551615, "s", true, null, [], {}], "b": { "c": [[{"d": 1}]] } })";
  CHECK(parsed(text).tree == json::parse(text));
  CHECK(parsed("// before\n{ /* in */ \"a\": 1 } // after").tree == json{{"a", 1}});
  CHECK(parsed(text).said.empty());
}

TEST_CASE("a key that is there twice is found at any depth") {
  const auto out = parsed(R"({ "a": 1, "b": [ {}, { "c/d": 1, "c/d": 2 } ], "a": 3, "e": { "a": 4 } })");
  CHECK(out.usable);
  CHECK(out.said == "f: /b/1/c~1d: the key is there twice\nf: /a: the key is there twice\n");
  CHECK(out.tree["a"] == 3);
}

TEST_CASE("a syntax error says where") {
  CHECK(parsed("{\n  \"a\": 1\n  \"b\": 2\n}").said ==
        "f: line 3, column 5: syntax error while parsing object - unexpected string literal; expected '}'\n");
  CHECK(parsed("{\"a\": 1e999}").said == "f: line 1, column 11: a number is too large\n");
  CHECK_FALSE(parsed("{").usable);
}

TEST_CASE("a syntax error does not repeat what it could not read") {
  const auto out = parsed("{ \"api_key\": \"sk-1234\n\" }");
  CHECK_FALSE(out.usable);
  CHECK(out.said.find("sk-1234") == std::string::npos);
}

TEST_CASE("nesting is allowed up to 64 and no further") {
  CHECK(parsed(std::string(64, '[') + std::string(64, ']')).usable);
  const auto deeper = parsed(std::string(65, '[') + std::string(65, ']'));
  CHECK_FALSE(deeper.usable);
  CHECK(deeper.said == "f: is nested deeper than 64 levels\n");
}
