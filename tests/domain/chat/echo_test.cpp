#include "domain/chat/echo.hpp"

#include "domain/chat/answer_scan.hpp"
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

const completion_frame frame{"chatcmpl-1", "echo", 1764000000};

std::string content_of(const std::vector<std::string>& chunks) {
  std::string text;
  for (const auto& chunk : chunks) {
    const auto parsed = json::parse(chunk);
    for (const auto& choice : parsed.at("choices")) text += choice.at("delta").value("content", "");
  }
  return text;
}

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
  // What the scan does not look into.
  const auto reply = echo(R"({"messages":[{}],"x":{"a":nope}})");
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code == ec::request_invalid);
}

TEST_CASE("the whole answer has OpenAI's form") {
  const auto reply = reply_to(user("hello there"));
  const auto text = to_completion(reply, frame);
  const auto answer = json::parse(text);
  CHECK(answer.at("id") == "chatcmpl-1");
  CHECK(answer.at("object") == "chat.completion");
  CHECK(answer.at("created") == 1764000000);
  CHECK(answer.at("model") == "echo");
  REQUIRE(answer.at("choices").is_array());
  REQUIRE(answer.at("choices").size() == 1);
  const auto expected = json::parse(R"({"index":0,"message":{"role":"assistant","content":"hello there","refusal":null},
                                        "logprobs":null,"finish_reason":"stop"})");
  CHECK(answer.at("choices")[0] == expected);
  CHECK(scan_answer(text).usage == reply.usage);
  CHECK(answer.at("usage").at("total_tokens") == reply.usage.total());
}

TEST_CASE("a cut answer finishes for its length") {
  const auto reply = reply_to(user("hello there"), R"(,"max_tokens":1)");
  CHECK(json::parse(to_completion(reply, frame)).at("choices")[0].at("finish_reason") == "length");
  const auto chunks = to_chunks(reply, frame, false);
  CHECK(json::parse(chunks.back()).at("choices")[0].at("finish_reason") == "length");
}

TEST_CASE("a stream opens with the role, brings the words and closes with the finish") {
  const auto reply = reply_to(user(" hello  big\nworld \n"));
  const auto chunks = to_chunks(reply, frame, false);
  CHECK(content_of(chunks) == " hello  big\nworld \n");
  REQUIRE(chunks.size() == 1 + 4 + 1);
  for (const auto& chunk : chunks) {
    const auto parsed = json::parse(chunk);
    CHECK(parsed.at("id") == "chatcmpl-1");
    CHECK(parsed.at("object") == "chat.completion.chunk");
    CHECK(parsed.at("created") == 1764000000);
    CHECK(parsed.at("model") == "echo");
    CHECK_FALSE(parsed.contains("usage"));
    REQUIRE(parsed.at("choices").size() == 1);
    CHECK(parsed.at("choices")[0].at("index") == 0);
    CHECK(scan_event(chunk).finished == (&chunk == &chunks.back()));
  }
  CHECK(json::parse(chunks.front()).at("choices")[0].at("delta") == json{{"role", "assistant"}, {"content", ""}});
  CHECK(json::parse(chunks[1]).at("choices")[0].at("delta") == json{{"content", " hello"}});
  CHECK(json::parse(chunks.back()).at("choices")[0].at("delta") == json::object());
  CHECK(json::parse(chunks.back()).at("choices")[0].at("finish_reason") == "stop");
}

TEST_CASE("a stream brings its usage last, and only when asked to") {
  const auto reply = reply_to(user("hello"));
  const auto chunks = to_chunks(reply, frame, true);
  REQUIRE(chunks.size() == 4);
  for (std::size_t i = 0; i + 1 < chunks.size(); ++i) CHECK(json::parse(chunks[i]).at("usage").is_null());
  CHECK(json::parse(chunks.back()).at("choices") == json::array());
  const auto usage = scan_event(chunks.back());
  CHECK(usage.usage == reply.usage);
  CHECK_FALSE(usage.has_choices);
}

TEST_CASE("an empty reply is still a whole stream") { CHECK(to_chunks(reply_to("[{}]"), frame, false).size() == 2); }
