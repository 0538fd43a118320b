#include "domain/chat/echo_embedding.hpp"

#include "domain/chat/answer_scan.hpp"
#include "domain/chat/feature_hash.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <bit>
#include <cstdint>
#include <vector>

using namespace gateway;
using nlohmann::json;

namespace {

std::string answer_to(const std::string& input, const std::string& more = {}) {
  auto answer = echo_embedding(R"({"model":"echo","input":)" + input + more + "}", "echo \"1\"");
  if (!answer) FAIL(answer.error().message);
  return std::move(*answer);
}

std::vector<float> from_base64(const std::string& text) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = bits << 6 | static_cast<std::uint32_t>(letters.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> count));
  }
  std::vector<float> numbers;
  for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4)
    numbers.push_back(std::bit_cast<float>(bytes[i] | bytes[i + 1] << 8 | bytes[i + 2] << 16 | bytes[i + 3] << 24));
  return numbers;
}

failure refusal(const std::string& body) {
  INFO(body.substr(0, 200));
  const auto answer = echo_embedding(body, "echo");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ec::request_invalid);
  return answer.error();
}

} // namespace

TEST_CASE("an embedding has OpenAI's form") {
  const auto text = answer_to(R"("hello w\u00f6rld")");
  const auto answer = json::parse(text);
  CHECK(answer.at("object") == "list");
  CHECK(answer.at("model") == "echo \"1\"");
  REQUIRE(answer.at("data").size() == 1);
  const auto& only = answer.at("data")[0];
  CHECK(only.at("object") == "embedding");
  CHECK(only.at("index") == 0);
  CHECK(only.at("embedding").get<std::vector<float>>() == hashed_features("hello w\xc3\xb6rld", 64));
  const auto usage = scan_answer(text).usage;
  REQUIRE(usage);
  CHECK(usage->prompt_tokens > 0);
  CHECK(usage->completion_tokens == 0);
  CHECK(answer.at("usage") == json{{"prompt_tokens", usage->prompt_tokens}, {"total_tokens", usage->prompt_tokens}});
}

TEST_CASE("each input has its own vector, in order") {
  const auto answer = json::parse(answer_to(R"(["one","two","one",""])"));
  const auto& data = answer.at("data");
  REQUIRE(data.size() == 4);
  for (std::size_t i = 0; i < data.size(); ++i) CHECK(data[i].at("index") == i);
  CHECK(data[0].at("embedding") == data[2].at("embedding"));
  CHECK(data[0].at("embedding") != data[1].at("embedding"));
}

TEST_CASE("the vectors come as numbers or in base64, in as many dimensions as were asked for") {
  const std::string input = R"("one two three four")";
  for (const std::size_t dimensions : {1, 3, 64, 4096}) {
    const auto asked = R"(,"dimensions":)" + std::to_string(dimensions);
    const auto numbers = json::parse(answer_to(input, asked + R"(,"encoding_format":"float")"));
    const auto coded = json::parse(answer_to(input, asked + R"(,"encoding_format":"base64")"));
    const auto expected = hashed_features("one two three four", dimensions);
    CHECK(numbers.at("data")[0].at("embedding").get<std::vector<float>>() == expected);
    CHECK(from_base64(coded.at("data")[0].at("embedding")) == expected);
  }
  CHECK(answer_to(input, R"(,"dimensions":null,"encoding_format":null)") == answer_to(input));
}

TEST_CASE("the echo refuses inputs that are not text, none and too many") {
  for (const std::string input : {"[1,2]", "[[1,2]]", "[]", "[\"a\",1]", "[null]", "7", "null"})
    CHECK(refusal(R"({"input":)" + input + "}").param == "input");
  json many(most_inputs, "a");
  CHECK(json::parse(answer_to(many.dump())).at("data").size() == most_inputs);
  many.push_back("a");
  CHECK(refusal(json{{"input", many}}.dump()).param == "input");
}

TEST_CASE("the echo refuses other formats and dimensions") {
  for (const std::string wrong : {"0", "4097", "-1", "1.5", "\"64\"", "[]"})
    CHECK(refusal(R"({"input":"x","dimensions":)" + wrong + "}").param == "dimensions");
  for (const std::string wrong : {"\"int8\"", "\"\"", "7", "{}"})
    CHECK(refusal(R"({"encoding_format":)" + wrong + R"(,"input":"x"})").param == "encoding_format");
}
