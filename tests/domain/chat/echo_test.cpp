#include "domain/chat/echo.hpp"

#include "domain/chat/token_estimate.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace gateway;
using nlohmann::json;

namespace {

echo_reply reply_to(const std::string& messages, const std::string& more = {}) {
  const auto reply = echo(R"({"model":"echo","messages":)" + messages + more + "}");
  REQUIRE(reply);
  return *reply;
}

std::string user(const std::string& text) { return R"([{"role":"user","content":)" + json(text).dump() + "}]"; }

} // namespace

TEST_CASE("the echo repeats the last user message") {
  const auto reply = reply_to(R"([{"role":"system","content":"be kind"},{"role":"user","content":"first"},
                                  {"role":"assistant","content":"ok"},{"role":"user","content":"second \"one\""},
                                  {"role":"tool","content":"42"}])");
  CHECK(reply.text == "second \"one\"");
  CHECK_FALSE(reply.cut);
  CHECK(reply.usage.completion_tokens == estimate_tokens(reply.text));
  CHECK(reply.usage.prompt_tokens > reply.usage.completion_tokens);
}

TEST_CASE("the echo joins the text parts of a message by lines") {
  const auto reply = reply_to(R"([{"role":"user","content":[{"type":"text","text":"what is"},
      {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},{"type":"text","text":"this?"}]}])");
  CHECK(reply.text == "what is\nthis?");
}

TEST_CASE("the echo reads keys that are written with escapes") {
  const auto reply = echo(R"({"m\u0065ssages":[{"conten\u0074":"hi","\u0072ole":"us\u0065r"}]})");
  REQUIRE(reply);
  CHECK(reply->text == "hi");
}

TEST_CASE("the echo has nothing to say when no user has spoken") {
  for (const std::string messages : {R"([{"role":"system","content":"x"}])", R"([{"role":"user"}])", "[{}]", "[1]",
                                     R"([{"role":"user","content":null}])", R"([{"role":"user","content":[7,{}]}])"}) {
    const auto reply = reply_to(messages);
    CHECK(reply.text.empty());
    CHECK(reply.usage.completion_tokens == 0);
  }
}

TEST_CASE("the echo keeps to the caller's maximum") {
  const auto cut = reply_to(user("one  two three four"), R"(,"max_tokens":2)");
  CHECK(cut.text == "one  two");
  CHECK(cut.cut);
  REQUIRE(estimate_tokens("1234567 7654321") > 2);
  CHECK(reply_to(user("1234567 7654321 5"), R"(,"max_tokens":2)").usage.completion_tokens == 2);
  CHECK_FALSE(reply_to(user("one two"), R"(,"max_tokens":2)").cut);
  CHECK_FALSE(reply_to(user("one two \n"), R"(,"max_tokens":2)").cut);
  CHECK(reply_to(user("one two"), R"(,"max_completion_tokens":1)").text == "one");
  const auto nothing = reply_to(user("one"), R"(,"max_tokens":0)");
  CHECK(nothing.text.empty());
  CHECK(nothing.cut);
}

TEST_CASE("the echo refuses what is not a chat request") {
  for (const std::string body : {"", "{}", R"({"messages":[]})", R"({"messages":[{}],"model":1})"}) {
    const auto reply = echo(body);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == ec::request_invalid);
  }
}
