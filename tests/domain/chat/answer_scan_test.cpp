#include "domain/chat/answer_scan.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

std::string chunk(const std::string& choices, const std::string& more = {}) {
  return R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764000000,"model":"gpt-4o","choices":)" +
         choices + more + "}";
}

const std::string delta = R"([{"index":0,"delta":{"content":"Hel\"lo [}"},"logprobs":null,"finish_reason":null}])";
const std::string last = R"([{"index":0,"delta":{},"finish_reason":"stop"}])";

} // namespace

TEST_CASE("the usage of a whole answer is the provider's count") {
  const auto answer = scan_answer(R"({"id":"x","choices":[{"message":{"usage":{"prompt_tokens":9}}}],)"
                                  R"("usage":{"prompt_tokens":12,"completion_tokens":30,"total_tokens":42,)"
                                  R"("prompt_tokens_details":{"cached_tokens":8}}})");
  CHECK(answer.is_object);
  CHECK(answer.usage == token_usage{.prompt_tokens = 12, .completion_tokens = 30, .cached_tokens = 8});
}

TEST_CASE("an embedding's usage has no completion tokens") {
  const auto answer = scan_answer(R"({"object":"list","data":[],"usage":{"prompt_tokens":5,"total_tokens":5}})");
  CHECK(answer.usage == token_usage{5, 0});
}

TEST_CASE("an answer without a usable count has no usage") {
  for (const std::string usage :
       {"null", "[]", "{}", "7", R"({"total_tokens":5})", R"({"prompt_tokens":"5","completion_tokens":1})",
        R"({"prompt_tokens":-5,"completion_tokens":1})", R"({"prompt_tokens":5,"completion_tokens":1.5})"}) {
    INFO(usage);
    const auto answer = scan_answer(R"({"choices":[],"usage":)" + usage + "}");
    CHECK(answer.is_object);
    CHECK_FALSE(answer.usage);
  }
  CHECK_FALSE(scan_answer(R"({"choices":[]})").usage);
}

TEST_CASE("what is not a whole JSON object is not an answer") {
  const auto body = GENERATE(as<std::string>{}, "", " ", "[]", "null", "<html></html>", "{", "{\"a\":1",
                             R"({"usage":{"prompt_tokens":1,"completion_tokens":2})", "{} {}", "{}x", "\xff{}");
  INFO(body);
  const auto answer = scan_answer(body);
  CHECK_FALSE(answer.is_object);
  CHECK_FALSE(answer.usage);
}

TEST_CASE("the end of a stream is told from its events") {
  CHECK(scan_event("[DONE]").done);
  CHECK_FALSE(scan_event("[DONE]").is_object);
  CHECK_FALSE(scan_event("{}").done);
  CHECK_FALSE(scan_event("[DONE").done);
}

TEST_CASE("an ordinary event has choices and nothing else to tell") {
  for (const std::string& more : {std::string(), std::string(R"(,"usage":null,"error":null)")}) {
    const auto event = scan_event(chunk(delta, more));
    CHECK(event.is_object);
    CHECK(event.has_choices);
    CHECK_FALSE(event.finished);
    CHECK_FALSE(event.usage);
    CHECK_FALSE(event.has_error);
    CHECK_FALSE(event.done);
  }
}

TEST_CASE("a finish reason in any choice finishes") {
  CHECK(scan_event(chunk(last)).finished);
  CHECK(scan_event(chunk(R"([{"finish_reason":null},{"index":1,"finish_reason":"length"}])")).finished);
  CHECK_FALSE(scan_event(chunk(R"([{"delta":{"finish_reason":"stop"}}])")).finished);
}

TEST_CASE("an event tells which choices it carries and which of them it finishes") {
  struct example {
    std::string choices;
    std::uint64_t speaks;
    std::uint64_t finishes;
  };
  const example examples[] = {
      {delta, 1, 0},
      {last, 1, 1},
      {R"([{"index":2,"delta":{}}])", 4, 0},
      {R"([{"finish_reason":"stop","index":3}])", 8, 8},
      {R"([{"index":0,"finish_reason":null},{"index":1,"finish_reason":"length"},{"index":5}])", 0b100011, 0b10},
      {R"([{"index":1,"finish_reason":"stop"},{"index":1,"finish_reason":null}])", 2, 2},
      {R"([{"finish_reason":"stop"}])", 1, 1},
      {R"([{"index":63,"finish_reason":"stop"}])", 1ull << 63, 1ull << 63},
      {R"([{"index":64},{"index":18446744073709551615,"finish_reason":"stop"}])", 1ull << 63, 1ull << 63},
      {R"([{"index":null},{"index":"7"},{"index":-1},{"index":1.5}])", 1, 0},
      {R"([{"delta":{"index":4,"finish_reason":"stop"},"index":1}])", 2, 0},
      {R"([null])", 1, 0},
      {"[]", 0, 0},
  };
  for (const auto& [choices, speaks, finishes] : examples) {
    INFO(choices);
    const auto event = scan_event(chunk(choices));
    REQUIRE(event.is_object);
    CHECK(event.speaks == speaks);
    CHECK(event.finishes == finishes);
    CHECK(event.finished == (finishes != 0));
    CHECK(event.has_choices == (speaks != 0));
    CHECK(event.has_choices_field);
  }
}

TEST_CASE("missing choices, empty ones and none at all are told apart") {
  const auto missing = scan_event(R"({"usage":{"prompt_tokens":1,"completion_tokens":2}})");
  CHECK(missing.is_object);
  CHECK_FALSE(missing.has_choices_field);
  for (const std::string choices : {"[]", "[ ]"}) {
    CHECK(scan_event(chunk(choices)).has_choices_field);
    CHECK_FALSE(scan_event(chunk(choices)).has_choices);
  }
  for (const std::string choices : {"null", "{}", "7", R"("")"}) {
    INFO(choices);
    CHECK(scan_event(chunk(choices)).has_choices_field);
    CHECK_FALSE(scan_event(chunk(choices)).has_choices);
  }
}

TEST_CASE("the usage chunk has usage and no choices") {
  const auto event = scan_event(chunk("[]", R"(,"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3})"));
  CHECK(event.usage == token_usage{1, 2});
  CHECK_FALSE(event.has_choices);
  // Some providers send it along with the last choice.
  const auto both = scan_event(chunk(last, R"(,"usage":{"prompt_tokens":1,"completion_tokens":2})"));
  CHECK(both.usage == token_usage{1, 2});
  CHECK(both.has_choices);
  CHECK(both.finished);
}

TEST_CASE("an error in a stream is seen") {
  CHECK(scan_event(R"({"error":{"message":"overloaded"}})").has_error);
  CHECK(scan_event(R"({"error":"overloaded"})").has_error);
}

TEST_CASE("no prefix of an event is taken for an event") {
  const auto whole = chunk(last, R"(,"usage":{"prompt_tokens":1,"completion_tokens":2})");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto event = scan_event(whole.substr(0, size));
    CHECK_FALSE(event.is_object);
    CHECK_FALSE(event.usage);
    CHECK_FALSE(event.finished);
  }
  CHECK(scan_event(whole).is_object);
}

TEST_CASE("deep nesting in an answer is neither a crash nor a hang") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  CHECK(scan_answer("{\"x\":" + deep + "}").is_object);
  CHECK(scan_event(chunk("[{\"delta\":" + deep + "}]")).is_object);
  CHECK_FALSE(scan_answer(std::string(100'000, '[')).is_object);
  CHECK_FALSE(error_of("{\"error\":" + deep).has_value());
}

TEST_CASE("a provider's error is read in OpenAI's form") {
  const auto error = error_of(R"({"error":{"message":"No such \"model\"","type":"invalid_request_error",)"
                              R"("param":null,"code":"model_not_found"}})");
  REQUIRE(error);
  CHECK(error->message == "No such \"model\"");
  CHECK(error->type == "invalid_request_error");
  CHECK(error->code == "model_not_found");
}

TEST_CASE("a provider's error is read when it is only a text or has a number for a code") {
  CHECK(error_of(R"({"error":"model is loading"})")->message == "model is loading");
  CHECK(error_of(R"({"error":{"code": 429 ,"message":null}})")->code == "429");
  CHECK(error_of(R"({"error":{"code": 429 ,"message":null}})")->message.empty());
}

TEST_CASE("a body without an error has none to tell") {
  for (const std::string body :
       {"", "{}", "[]", "Bad Gateway", R"({"error":null})", R"({"message":"x"})", R"({"error":{"message":"x"})"}) {
    INFO(body);
    CHECK_FALSE(error_of(body));
  }
}
