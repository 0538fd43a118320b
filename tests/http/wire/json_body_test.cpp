#include "http/wire/json_body.hpp"

#include "tests/http/wire/sample_request.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using nlohmann::json;
using test::sample_request;
using complaints = std::vector<std::pair<std::string, std::string>>;

const std::pair<std::string, std::string> as_json{"Content-Type", "application/json"};

result<json> parsed(std::string body) {
  return parse_json_object(sample_request("POST", "/", {as_json}, std::move(body)));
}

complaints complaints_of(json_fields& fields) {
  const auto why = fields.finish();
  return why ? why->details : complaints{};
}

TEST_CASE("a JSON object in the body is read") {
  const auto body = parsed(R"({"a":1})");
  REQUIRE(body);
  CHECK(body->at("a") == 1);
}

TEST_CASE("a body that is no JSON object is refused") {
  const auto body = GENERATE("", " ", "{", "{}{}", "[]", "1", "null", "\"a\"", "{'a':1}", "{\"a\":\"\xff\"}");
  const auto refused = parsed(body);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::request_invalid);
}

TEST_CASE("a body of very many values is refused, however small they are") {
  const auto list = [](std::size_t count) {
    std::string text = R"({"a":[)";
    for (std::size_t i = 0; i < count; ++i) text += "0,";
    return text + "0]}";
  };
  CHECK(parsed(list(50'000)));
  const auto refused = parsed(list(200'000));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::request_too_large);
}

TEST_CASE("a body that does not say that it is JSON is refused, and the header is named") {
  const auto refused = parse_json_object(sample_request("POST", "/", {{"Content-Type", "text/plain"}}, "{}"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().param == "content-type");
}

TEST_CASE("fields are taken by their type, and null counts as missing") {
  json_fields fields(
      json::parse(R"({"b":true,"n":7,"i":-7,"d":0.5,"s":"x","l":["a","b"],"m":{"k":"v"},"o":{"x":[1]},"z":null})"));
  CHECK(fields.optional<bool>("b") == true);
  CHECK(fields.optional<std::uint64_t>("n") == 7U);
  CHECK(fields.optional<std::int64_t>("i") == -7);
  CHECK(fields.optional<double>("d") == 0.5);
  CHECK(fields.optional<std::string>("s") == "x");
  CHECK(fields.optional<std::vector<std::string>>("l") == std::vector<std::string>{"a", "b"});
  CHECK(fields.optional<std::map<std::string, std::string>>("m") == std::map<std::string, std::string>{{"k", "v"}});
  CHECK(fields.optional<json>("o") == json{{"x", {1}}});
  CHECK(fields.optional<std::string>("z") == std::nullopt);
  CHECK(fields.optional<std::string>("missing") == std::nullopt);
  CHECK(fields.finish() == std::nullopt);
}

template <class T>
bool is_taken(const char* value) {
  json_fields fields(json{{"f", json::parse(value)}});
  const auto taken = fields.optional<T>("f");
  CHECK(taken.has_value() != fields.finish().has_value());
  return taken.has_value();
}

TEST_CASE("a field of the wrong type is refused") {
  CHECK_FALSE(is_taken<bool>("1"));
  CHECK_FALSE(is_taken<std::uint64_t>("-1"));
  CHECK_FALSE(is_taken<std::uint64_t>("1.0"));
  CHECK_FALSE(is_taken<std::uint64_t>("\"1\""));
  CHECK_FALSE(is_taken<std::uint64_t>("1e3"));
  CHECK(is_taken<std::uint64_t>("18446744073709551615"));
  CHECK_FALSE(is_taken<std::uint64_t>("18446744073709551616"));
  CHECK(is_taken<std::int64_t>("9223372036854775807"));
  CHECK_FALSE(is_taken<std::int64_t>("9223372036854775808"));
  CHECK_FALSE(is_taken<double>("-0.1"));
  CHECK_FALSE(is_taken<std::string>("{}"));
  CHECK_FALSE(is_taken<std::vector<std::string>>("[\"a\",1]"));
  CHECK(is_taken<std::vector<std::string>>("[]"));
  CHECK_FALSE(is_taken<std::map<std::string, std::string>>("{\"a\":1}"));
  CHECK_FALSE(is_taken<json>("[]"));
}

TEST_CASE("a missing field is required by name, and so is one that is null") {
  json_fields fields(json::parse(R"({"name":null})"));
  CHECK(fields.required<std::string>("name") == std::nullopt);
  CHECK(fields.required<std::string>("tenant_id") == std::nullopt);
  const auto why = fields.finish();
  REQUIRE(why);
  CHECK(why->code == ec::request_invalid);
  CHECK(why->message == "name is required");
  CHECK(why->param == "name");
  CHECK(why->details == complaints{{"name", "required"}, {"tenant_id", "required"}});
}

TEST_CASE("null and missing are told apart where both mean something") {
  json_fields fields(json::parse(R"({"a":null,"b":"x"})"));
  const auto null = fields.nullable<std::string>("a");
  REQUIRE(null.has_value());
  CHECK_FALSE(null->has_value());
  const auto there = fields.nullable<std::string>("b");
  REQUIRE(there.has_value());
  CHECK(*there == "x");
  CHECK_FALSE(fields.nullable<std::string>("c").has_value());
  CHECK(fields.finish() == std::nullopt);
}

TEST_CASE("everything that is wrong is said at once, a field nobody knows included") {
  json_fields fields(json::parse(R"({"a":1,"b":"x","typo":true})"));
  fields.optional<std::string>("a");
  fields.optional<std::uint64_t>("b");
  CHECK(complaints_of(fields) ==
        complaints{{"a", "must be a string"}, {"b", "must be a whole number, 0 or more"}, {"typo", "unknown field"}});
}

TEST_CASE("complaints about a part carry its name") {
  json_fields whole(json::parse(R"({"quota":{"daily_tokens":"many","typo":1}})"));
  json_fields part(whole.optional<json>("quota").value(), "quota.");
  part.optional<std::uint64_t>("daily_tokens");
  whole.absorb(part);
  CHECK(complaints_of(whole) ==
        complaints{{"quota.daily_tokens", "must be a whole number, 0 or more"}, {"quota.typo", "unknown field"}});
}

} // namespace
} // namespace gateway
