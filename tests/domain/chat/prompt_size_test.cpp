#include "domain/chat/prompt_size.hpp"

#include "domain/chat/request_scan.hpp"
#include "domain/chat/token_estimate.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway;

namespace {

constexpr std::uint64_t start = 3;
constexpr std::uint64_t each = 3;

std::uint64_t prompt_of(std::string fields) {
  std::string body = "{" + fields + "}";
  const auto scan = scan_request(body, surface::chat_completions);
  INFO(body.substr(0, 200));
  REQUIRE(scan);
  return scan->prompt_tokens;
}

std::uint64_t message_of(const std::string& content) {
  return prompt_of(R"("messages":[{"role":"user","content":)" + content + "}]") - start - each;
}

const std::string text = "The quick brown fox jumps over the lazy dog, twice.";

} // namespace

TEST_CASE("every message counts its text and its frame") {
  const auto one = R"({"role":"user","content":")" + text + "\"}";
  CHECK(prompt_of("\"messages\":[" + one + "," + one + "]") == start + 2 * (each + estimate_tokens(text)));
  CHECK(message_of("null") == 0);
  CHECK(message_of("\"\"") == 0);
}

TEST_CASE("the texts of all parts, names and tool calls of a message count") {
  CHECK(message_of(R"([{"type":"text","text":")" + text + R"("},{"type":"text","text":")" + text + "\"}]") ==
        2 * estimate_tokens(text));
  const auto call = R"("messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"call_abcdefghijklmnop",)"
                    R"("type":"function","function":{"name":"find","arguments":")" +
                    text + R"("}}]}])";
  CHECK(prompt_of(call) == start + each + estimate_tokens("find") + estimate_tokens(text));
}

TEST_CASE("blanks around a text in the JSON are not counted") {
  CHECK(message_of("  \"" + text + "\" \n\t \n ") == estimate_tokens(text));
}

TEST_CASE("an image costs the same however large it is") {
  const std::string bytes(50'000, 'A');
  const auto inlined = R"([{"type":"image_url","image_url":{"url":"data:image/png;base64,)" + bytes + "\"}}]";
  CHECK(message_of(inlined) == media_tokens);
  CHECK(message_of(R"([{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}])") == media_tokens);
  CHECK(message_of("\"data:image/png;base64," + bytes + "\"") == media_tokens);
}

TEST_CASE("an image in the middle of a text costs the same, and the text around it counts") {
  const std::string image = "data:image/png;base64," + std::string(50'000, 'A') + "==";
  CHECK(message_of("\"" + text + "(" + image + ")" + text + "\"") ==
        media_tokens + estimate_tokens(text + "(") + estimate_tokens(")" + text));
  CHECK(message_of("\"" + image + " " + image + "\"") == 2 * media_tokens + estimate_tokens(" "));
}

TEST_CASE("a text that only begins like an image counts as text") {
  for (const std::string begin : {"data: ", "data:text/plain,", ";base64,", "data: an image;base64,"}) {
    INFO(begin);
    std::string said = begin;
    for (int i = 0; i < 200; ++i) said += text;
    CHECK(message_of("\"" + said + "\"") == estimate_tokens(said));
  }
}

TEST_CASE("a sound and a file cost as much as an image") {
  const std::string bytes(50'000, 'A');
  CHECK(message_of(R"([{"type":"input_audio","input_audio":{"format":"wav","data":")" + bytes + "\"}}]") ==
        media_tokens);
  CHECK(message_of(R"([{"type":"file","file":{"file_data":"data:application/pdf;base64,)" + bytes + "\"}}]") ==
        media_tokens);
}

TEST_CASE("tools and formats that the model is told of count as JSON") {
  const std::string tools = R"([{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}}])";
  const auto without = prompt_of(R"("messages":[{}])");
  CHECK(prompt_of(R"("messages":[{}],"tools":)" + tools) == without + estimate_tokens(tools));
  CHECK(prompt_of(R"("response_format":{"type":"json_object"},"messages":[{}])") ==
        without + estimate_tokens(R"({"type":"json_object"})"));
}

TEST_CASE("what is nested deeper than any message still counts") {
  std::string content = "\"" + text + "\"";
  content.insert(0, 30, '[').append(30, ']');
  CHECK(message_of(content) >= estimate_tokens(text));
}

TEST_CASE("numbers in messages are no tokens") { CHECK(message_of("[1,2,3,true,null]") == 0); }
