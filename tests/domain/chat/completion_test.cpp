#include "domain/chat/completion.hpp"

#include "domain/chat/answer_scan.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace gateway;
using nlohmann::json;

namespace {

echo_reply reply_of(const std::string& text, bool cut = false) { return {text, cut, {12, 3}}; }

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

TEST_CASE("the whole answer has OpenAI's form") {
  const auto reply = reply_of("hello there");
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
  const auto reply = reply_of("hello", true);
  CHECK(json::parse(to_completion(reply, frame)).at("choices")[0].at("finish_reason") == "length");
  const auto chunks = to_chunks(reply, frame, false);
  CHECK(json::parse(chunks.back()).at("choices")[0].at("finish_reason") == "length");
}

TEST_CASE("a stream opens with the role, brings the words and closes with the finish") {
  const auto reply = reply_of(" hello  \"big\"\nworld \n");
  const auto chunks = to_chunks(reply, frame, false);
  CHECK(content_of(chunks) == " hello  \"big\"\nworld \n");
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
  const auto reply = reply_of("hello");
  const auto chunks = to_chunks(reply, frame, true);
  REQUIRE(chunks.size() == 4);
  for (std::size_t i = 0; i + 1 < chunks.size(); ++i) CHECK(json::parse(chunks[i]).at("usage").is_null());
  CHECK(json::parse(chunks.back()).at("choices") == json::array());
  const auto usage = scan_event(chunks.back());
  CHECK(usage.usage == reply.usage);
  CHECK_FALSE(usage.has_choices);
}

TEST_CASE("an empty reply is still a whole stream") { CHECK(to_chunks(reply_of(""), frame, false).size() == 2); }

TEST_CASE("a text completion has OpenAI's form") {
  const auto reply = reply_of("hello \"there\"", true);
  const auto text = to_text_completion(reply, frame);
  const auto answer = json::parse(text);
  CHECK(answer.at("id") == "chatcmpl-1");
  CHECK(answer.at("object") == "text_completion");
  CHECK(answer.at("created") == 1764000000);
  CHECK(answer.at("model") == "echo");
  CHECK(answer.at("choices") ==
        json::parse(R"([{"index":0,"text":"hello \"there\"","logprobs":null,"finish_reason":"length"}])"));
  CHECK(scan_answer(text).usage == reply.usage);
}

TEST_CASE("a stream of a text brings it word by word, then the finish and the usage") {
  const auto reply = reply_of(" hello  \"big\"\nworld \n");
  const auto chunks = to_text_chunks(reply, frame, true);
  REQUIRE(chunks.size() == 4 + 1 + 1);
  std::string text;
  for (const auto& chunk : chunks) {
    const auto parsed = json::parse(chunk);
    CHECK(parsed.at("object") == "text_completion");
    CHECK(parsed.at("usage").is_null() == (&chunk != &chunks.back()));
    CHECK(scan_event(chunk).finished == (&chunk == &chunks[4]));
    for (const auto& choice : parsed.at("choices")) text += choice.at("text").get<std::string>();
  }
  CHECK(text == reply.text);
  CHECK(json::parse(chunks[0]).at("choices") ==
        json::parse(R"([{"index":0,"text":" hello","logprobs":null,"finish_reason":null}])"));
  CHECK(json::parse(chunks[4]).at("choices")[0].at("text") == "");
  CHECK(scan_event(chunks.back()).usage == reply.usage);
  CHECK_FALSE(scan_event(chunks.back()).has_choices);
  CHECK_FALSE(json::parse(to_text_chunks(reply, frame, false).back()).contains("usage"));
}
