#include "domain/chat/answer_scan.hpp"
#include "domain/chat/token_estimate.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

std::uint64_t content_of(const std::string& choice) {
  const auto event = scan_event(R"({"choices":[)" + choice + "]}");
  REQUIRE(event.is_object);
  return event.content;
}

std::uint64_t content_of_delta(const std::string& delta) { return content_of(R"({"index":0,"delta":)" + delta + "}"); }

std::uint64_t content_under(const std::string& name) {
  return content_of_delta(R"({"role":"assistant",")" + name + R"(":"some words"})");
}

const std::uint64_t some = weigh_json_text("some words");

} // namespace

TEST_CASE("whatever a delta says is weighed") {
  for (const std::string name : {"content", "reasoning", "reasoning_content", "refusal"}) {
    INFO(name);
    CHECK(content_under(name) == some);
  }
  CHECK(content_of_delta(R"({"tool_calls":[{"index":0,"id":"call_1234567890","type":"function",)"
                         R"("function":{"name":"some words","arguments":"some words"}},)"
                         R"({"index":1,"function":{"arguments":"some words"}}]})") == 3 * some);
  CHECK(content_of_delta(R"({"function_call":{"name":"some words","arguments":"some words"}})") == 2 * some);
  CHECK(content_of_delta(R"({"content":[{"type":"text","text":"some words"},{"type":"image"}]})") == some);
  CHECK(content_of(R"({"index":0,"text":"some words","logprobs":null})") == some);
}

TEST_CASE("every choice of an event counts") {
  CHECK(content_of(R"({"delta":{"content":"some words"}},{"index":1,"delta":{"content":"some words"}})") == 2 * some);
}

TEST_CASE("thoughts that are sent under two names count once") {
  CHECK(content_of_delta(R"({"reasoning":"some words","reasoning_content":"some words"})") == some);
}

TEST_CASE("what says nothing weighs nothing") {
  for (const std::string delta : {"{}", "null", R"({"role":"assistant"})", R"({"content":null})", R"({"content":""})",
                                  R"({"content":7})", R"({"tool_calls":null})", R"({"tool_calls":[null,{}]})"}) {
    INFO(delta);
    CHECK(content_of_delta(delta) == 0);
  }
  CHECK(scan_event(R"({"content":"some words","usage":null})").content == 0);
}

TEST_CASE("a text in pieces weighs about as much as in one") {
  std::uint64_t sum = 0;
  for (const std::string piece : {"The", " quick", " brown", " fox", " jumps", " over", " the", " lazy", " dog", "."})
    sum += content_of_delta(R"({"content":")" + piece + R"("})");
  const auto whole = weigh_json_text("The quick brown fox jumps over the lazy dog.");
  CHECK(sum >= whole);
  CHECK(sum < whole * 5 / 4);
}

TEST_CASE("what a whole answer says is estimated without its frame") {
  const std::string text = "The quick brown fox jumps over the lazy dog.";
  const auto tokens = estimate_tokens(text);
  CHECK(tokens_said(R"({"id":"chatcmpl-123456789","choices":[{"index":0,"message":{"role":"assistant","content":")" +
                    text + R"("},"finish_reason":"stop"}]})") == tokens);
  CHECK(tokens_said(R"({"choices":[{"text":")" + text + R"("}]})") == tokens);
  CHECK(tokens_said(R"({"choices":[]})") == 0);
  CHECK(tokens_said("nothing of the kind") == 0);
}
