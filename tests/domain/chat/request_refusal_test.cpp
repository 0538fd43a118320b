#include "domain/chat/request_scan.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway;

namespace {

constexpr auto chat = surface::chat_completions;

failure refusal(std::string body, surface kind = chat) {
  INFO(body.substr(0, 200));
  const auto scan = scan_request(body, kind);
  REQUIRE_FALSE(scan);
  CHECK(scan.error().code == ec::request_invalid);
  CHECK_FALSE(scan.error().message.empty());
  return scan.error();
}

std::string with(const std::string& fields) {
  return R"({"messages":[{"role":"user","content":"hi"}],)" + fields + "}";
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

} // namespace

TEST_CASE("an empty body is refused as empty") {
  CHECK(refusal("").message.find("empty") != std::string::npos);
  CHECK(refusal(" \n").message.find("empty") != std::string::npos);
}

TEST_CASE("bytes that are not UTF-8 are refused as such") {
  for (const std::string bytes : {"\xff", "\xc3(", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc0\xaf"}) {
    CHECK(refusal(with("\"x\":\"" + bytes + "\"")).message.find("UTF-8") != std::string::npos);
  }
}

TEST_CASE("a body that is not one JSON object is refused") {
  const auto body = GENERATE(
      as<std::string>{}, "[]", "1", "\"text\"", "null", "hello", "{", "}", "{]", "{}}", R"({"messages":[{}])",
      R"({"messages":[{}],})", R"({"messages":[{}]}})", R"({"messages":[{}]}{})", R"({"messages":[{}]} trailing)",
      R"({"messages":[{}]},)", R"({"messages":[{}] "n":1})", R"({"messages" [{}]})", R"({messages:[{}]})",
      R"({"messages":[{}],"x":"open)", R"({"messages":[{},"x":1})", R"({"messages":[{}]]})",
      R"({"x":{"messages":[{}]})", R"({"messages":[{}],"model":"a" "b"})", "{\"messages\":[{}],\"x\":\"line\nbreak\"}");
  CHECK(refusal(body).param.empty());
}

TEST_CASE("a field of the wrong type is refused by name") {
  const std::pair<std::string, std::string> cases[] = {
      {R"("model":7)", "model"},
      {R"("model":null)", "model"},
      {R"("model":"")", "model"},
      {R"("model":["gpt-4o"])", "model"},
      {R"("model":"\ud800")", "model"},
      {R"("stream":"true")", "stream"},
      {R"("stream":1)", "stream"},
      {R"("stream":{})", "stream"},
      {R"("stream":truely)", "stream"},
      {R"("stream_options":true)", "stream_options"},
      {R"("stream_options":[])", "stream_options"},
      {R"("stream_options":{"include_usage":1})", "stream_options.include_usage"},
      {R"("max_tokens":-1)", "max_tokens"},
      {R"("max_tokens":1.5)", "max_tokens"},
      {R"("max_tokens":1e3)", "max_tokens"},
      {R"("max_tokens":"10")", "max_tokens"},
      {R"("max_tokens":99999999999999999999999)", "max_tokens"},
      {R"("max_completion_tokens":-5)", "max_completion_tokens"},
      {R"("n":0)", "n"},
      {R"("n":-1)", "n"},
      {R"("n":1.0)", "n"},
      {R"("n":"1")", "n"},
  };
  for (const auto& [fields, param] : cases) {
    const auto why = refusal(with(fields));
    INFO(fields << " -> " << why.message);
    CHECK(why.param == param);
    CHECK(why.message.find(param.substr(param.find('.') + 1)) != std::string::npos);
  }
}

TEST_CASE("a chat needs messages") {
  for (const std::string body : {"{}", R"({"model":"m"})", R"({"messages":null})", R"({"messages":"hi"})",
                                 R"({"messages":{}})", R"({"messages":[]})", R"({"prompt":"hi"})"}) {
    CHECK(refusal(body).param == "messages");
  }
}

TEST_CASE("the other surfaces need their own prompt") {
  CHECK(refusal(R"({"messages":[{}]})", surface::completions).param == "prompt");
  CHECK(refusal(R"({"prompt":null})", surface::completions).param == "prompt");
  CHECK(refusal(R"({"prompt":5})", surface::completions).param == "prompt");
  CHECK(refusal(R"({"prompt":"x"})", surface::embeddings).param == "input");
  CHECK(refusal(R"({"input":{}})", surface::embeddings).param == "input");
  CHECK(refusal(R"({"prompt":"x","best_of":0})", surface::completions).param == "best_of");
}

// Else the first could pass the allow list and the second reach the upstream.
TEST_CASE("a field that is there twice is refused, however it is written") {
  const std::pair<std::string, std::string> cases[] = {
      {R"("model":"a","model":"b")", "model"},
      {R"("model":"a","model":"a")", "model"},
      {R"("model":"a","mod\u0065l":"b")", "model"},
      {R"("\u006dodel":"a","model":"b")", "model"},
      {R"("messages":[{}])", "messages"},
      {R"("stream":true,"stream":false)", "stream"},
      {R"("stream_options":null,"stream_options":{})", "stream_options"},
      {R"("stream_options":{"include_usage":true,"include_usag\u0065":false})", "stream_options.include_usage"},
      {R"("max_tokens":1,"max_tokens":100000)", "max_tokens"},
      {R"("n":1,"n":100)", "n"},
      {R"("tools":[],"tools":[])", "tools"},
  };
  for (const auto& [fields, param] : cases) CHECK(refusal(with(fields)).param == param);
}

// Servers in Go read it as model.
TEST_CASE("a model in capitals cannot slip past the check of the model") {
  CHECK(refusal(with(R"("model":"a","Model":"b")")).param == "model");
  CHECK(refusal(with(R"("MODEL":"b")")).param == "model");
  CHECK(refusal(with(R"("mod\u0045l":"b")")).param == "model");
}

TEST_CASE("a field that the gateway does not read may be there twice") {
  std::string body = with(R"("seed":1,"seed":2)");
  CHECK(scan_request(body, chat));
}

TEST_CASE("deep nesting is neither a crash nor a hang") {
  constexpr int deep = 200'000;
  const auto arrays = repeated("[", deep) + repeated("]", deep);
  const auto objects = repeated(R"({"a":)", deep) + "1" + repeated("}", deep);
  for (const auto& nested : {arrays, objects}) {
    std::string skipped = with("\"x\":" + nested);
    CHECK(scan_request(skipped, chat));
    std::string walked = R"({"messages":[{"role":"user","content":)" + nested + "}]}";
    CHECK(scan_request(walked, chat));
    std::string prompt = "{\"input\":" + (nested.front() == '[' ? nested : "[" + nested + "]") + "}";
    CHECK(scan_request(prompt, surface::embeddings));
  }
  refusal(repeated("[", deep));
  refusal(repeated(R"({"messages":)", deep));
}

TEST_CASE("no prefix of a request is taken for a request") {
  const std::string whole = with(R"("model":"gpt-4o","stream":true,"stream_options":{"include_usage":false},"n":2)");
  for (std::size_t size = 0; size < whole.size(); ++size) refusal(whole.substr(0, size));
  std::string body = whole;
  CHECK(scan_request(body, chat));
}

TEST_CASE("a refused body does not disturb the next one") {
  refusal(R"({"messages":[{"content":)");
  std::string body = with(R"("model":"m")");
  CHECK(scan_request(body, chat)->model == "m");
}
