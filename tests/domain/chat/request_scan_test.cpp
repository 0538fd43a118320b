#include "domain/chat/request_scan.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace gateway;

namespace {

constexpr auto chat = surface::chat_completions;

request_scan scanned(std::string body, surface kind = chat) {
  auto scan = scan_request(body, kind);
  INFO(body);
  if (!scan) FAIL(scan.error().message);
  return *scan;
}

} // namespace

TEST_CASE("a chat request shows what the gateway needs of it") {
  std::string body =
      R"({"model": "gpt-4o" ,"messages":[{"role":"user","content":"hi"}],"n":3,"max_tokens":50,"stream":true,)"
      R"("temperature":0.10})";
  const auto scan = scan_request(body, chat);
  REQUIRE(scan);
  CHECK(scan->model == "gpt-4o");
  CHECK(body.substr(scan->model_offset, scan->model_length) == R"("gpt-4o")");
  CHECK(scan->fields_offset == 1);
  CHECK(scan->stream);
  CHECK_FALSE(scan->include_usage);
  CHECK(scan->max_output_tokens == 50);
  CHECK(scan->choices == 3);
  CHECK(scan->prompt_tokens == 3 + 3 + 1);
}

TEST_CASE("a request may leave everything out but its messages") {
  const auto scan = scanned(" \n{\"messages\":[{}]}\r\n ");
  CHECK_FALSE(scan.model);
  CHECK(scan.fields_offset == 3);
  CHECK_FALSE(scan.stream);
  CHECK_FALSE(scan.usage_request);
  CHECK_FALSE(scan.max_output_tokens);
  CHECK(scan.choices == 1);
}

TEST_CASE("null stands for a field that is not there") {
  const auto scan = scanned(
      R"({"messages":[{}],"stream":null,"stream_options":null,"max_tokens":null,"max_completion_tokens":null,"n":null})");
  CHECK_FALSE(scan.stream);
  CHECK_FALSE(scan.max_output_tokens);
  CHECK(scan.choices == 1);
}

TEST_CASE("the larger of the two maximums counts") {
  CHECK(scanned(R"({"messages":[{}],"max_tokens":5,"max_completion_tokens":9})").max_output_tokens == 9);
  CHECK(scanned(R"({"messages":[{}],"max_completion_tokens":9,"max_tokens":50})").max_output_tokens == 50);
  CHECK(scanned(R"({"messages":[{}],"max_tokens":0})").max_output_tokens == 0);
}

TEST_CASE("escapes in keys and in the model are understood") {
  std::string body = R"({"mod\u0065l":"gpt\u002d4o\"","m\u0065ssages":[{}]})";
  const auto scan = scan_request(body, chat);
  REQUIRE(scan);
  CHECK(scan->model == "gpt-4o\"");
  CHECK(body.substr(scan->model_offset, scan->model_length) == R"("gpt\u002d4o\"")");
}

TEST_CASE("only the fields at the top count") {
  const auto scan = scanned(
      R"({"messages":[{"role":"user","content":"x","model":"inner","n":9}],"metadata":{"model":"m","stream":true}})");
  CHECK_FALSE(scan.model);
  CHECK_FALSE(scan.stream);
  CHECK(scan.choices == 1);
}

TEST_CASE("a body is scanned whether or not there is room behind it") {
  std::string body = R"({"model":"echo","messages":[{}]})";
  body.shrink_to_fit();
  const auto before = body;
  REQUIRE(scan_request(body, chat));
  CHECK(body == before);
  body.reserve(4096);
  REQUIRE(scan_request(body, chat));
  CHECK(body == before);
}

TEST_CASE("what stands in the room behind the body is not read") {
  std::string body = R"({"messages":[{}],"model":"a"}}}}}})";
  body.reserve(4096);
  body.resize(body.size() - 5);
  CHECK(scan_request(body, chat));
  body.resize(body.size() - 1);
  CHECK_FALSE(scan_request(body, chat));
}

TEST_CASE("a completion needs a prompt and an embedding an input") {
  CHECK(scanned(R"({"model":"m","prompt":"Once upon a time","stream":true})", surface::completions).stream);
  CHECK(scanned(R"({"prompt":["a","b"]})", surface::completions).prompt_tokens == 2);
  CHECK(scanned(R"({"prompt":[1,2,3]})", surface::completions).prompt_tokens == 3);
  CHECK(scanned(R"({"input":[[1,2],[3,4,5]]})", surface::embeddings).prompt_tokens == 5);
  CHECK(scanned(R"({"input":"some text","model":"e"})", surface::embeddings).model == "e");
}

TEST_CASE("an embedding is never a stream") {
  const auto scan = scanned(R"({"input":"x","stream":true,"max_tokens":7})", surface::embeddings);
  CHECK_FALSE(scan.stream);
  CHECK_FALSE(scan.usage_request);
}

TEST_CASE("an embedding holds the tokens of its input, and none for an answer") {
  for (const auto* more : {"", R"(,"max_tokens":7)", R"(,"n":3)"}) {
    const auto scan = scanned(R"({"input":["one two","three"])" + std::string(more) + "}", surface::embeddings);
    CHECK(scan.max_output_tokens == 0);
    CHECK(scan.prompt_tokens > 0);
    CHECK(tokens_to_hold(scan, 4096) == scan.prompt_tokens);
  }
}

TEST_CASE("a completion holds an answer for each choice of each of its prompts") {
  const auto held = [](const std::string& prompt, const std::string& more = {}) {
    const auto scan = scanned(R"({"max_tokens":100,"prompt":)" + prompt + more + "}", surface::completions);
    return tokens_to_hold(scan, 4096) - scan.prompt_tokens;
  };
  CHECK(held(R"("a")") == 100);
  CHECK(held(R"(["a"])") == 100);
  CHECK(held(R"(["a","b","c"])") == 300);
  CHECK(held("[1,2,3]") == 100);
  CHECK(held("[[1,2],[3,4,5]]") == 200);
  CHECK(held("[]") == 100);
  CHECK(held(R"(["a","b"])", R"(,"n":3)") == 600);
  CHECK(held(R"("a")", R"(,"best_of":5,"n":2)") == 500);
  CHECK(held(R"("a")", R"(,"n":2,"best_of":null)") == 200);
}

TEST_CASE("the hold is the prompt and every choice at its longest") {
  request_scan scan;
  scan.prompt_tokens = 10;
  CHECK(tokens_to_hold(scan, 4096) == 4106);
  scan.max_output_tokens = 100;
  CHECK(tokens_to_hold(scan, 4096) == 110);
  scan.choices = 4;
  CHECK(tokens_to_hold(scan, 4096) == 410);
  scan.choices = std::numeric_limits<std::uint64_t>::max();
  CHECK(tokens_to_hold(scan, 4096) == std::numeric_limits<std::uint64_t>::max());
  scan.choices = 1;
  scan.prompts = std::numeric_limits<std::uint64_t>::max() / 2;
  CHECK(tokens_to_hold(scan, 4096) == std::numeric_limits<std::uint64_t>::max());
  scan.prompts = 1;
  scan.max_output_tokens = std::numeric_limits<std::uint64_t>::max();
  CHECK(tokens_to_hold(scan, 4096) == std::numeric_limits<std::uint64_t>::max());
}
