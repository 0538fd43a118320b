#include "domain/chat/echo_completion.hpp"

#include "domain/chat/token_estimate.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

echo_reply reply_to(const std::string& prompt, const std::string& more = {}) {
  const auto reply = echo_completion(R"({"model":"echo","prompt":)" + prompt + more + "}");
  REQUIRE(reply);
  return *reply;
}

} // namespace

TEST_CASE("the echo repeats the prompt") {
  const auto reply = reply_to(R"("once \"upon\" a time")");
  CHECK(reply.text == "once \"upon\" a time");
  CHECK_FALSE(reply.cut);
  CHECK(reply.usage.prompt_tokens == estimate_tokens(reply.text));
  CHECK(reply.usage.completion_tokens == estimate_tokens(reply.text));
  CHECK(reply_to(R"("")").text.empty());
}

TEST_CASE("of several prompts the echo repeats the first") {
  CHECK(reply_to(R"(["one"])").text == "one");
  CHECK(reply_to(R"(["one","two"])", R"(,"suffix":"x")").text == "one");
}

TEST_CASE("the echo of a prompt keeps to the caller's maximum") {
  const auto reply = reply_to(R"("one two three")", R"(,"max_tokens":2)");
  CHECK(reply.text == "one two");
  CHECK(reply.cut);
}

TEST_CASE("the echo refuses a prompt that is not text") {
  for (const std::string prompt : {"[1,2,3]", "[[1,2]]", "[]", "[null]", "[{}]", "7", "null"}) {
    INFO(prompt);
    const auto reply = echo_completion(R"({"prompt":)" + prompt + "}");
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == ec::request_invalid);
    CHECK(reply.error().param == "prompt");
  }
  CHECK_FALSE(echo_completion("{}"));
}
