#include "domain/chat/answer_scan.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

std::optional<token_usage> usage_of(const std::string& usage) {
  return scan_answer(R"({"usage":)" + usage + "}").usage;
}

} // namespace

TEST_CASE("cached and reasoning tokens are read from their details, in answers and events") {
  const std::string usage = R"({"usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,)"
                            R"("prompt_tokens_details":{"cached_tokens":64,"audio_tokens":0},)"
                            R"("completion_tokens_details":{"reasoning_tokens":32,"audio_tokens":0}}})";
  const token_usage expected{
      .prompt_tokens = 100, .completion_tokens = 50, .cached_tokens = 64, .reasoning_tokens = 32};
  CHECK(scan_answer(usage).usage == expected);
  CHECK(scan_event(usage).usage == expected);
}

TEST_CASE("the names that other providers have for cached and reasoning tokens are understood") {
  CHECK(
      usage_of(R"({"prompt_tokens":9,"completion_tokens":1,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":5})")
          ->cached_tokens == 4);
  CHECK(usage_of(R"({"prompt_tokens":9,"completion_tokens":1,"cached_tokens":3})")->cached_tokens == 3);
  CHECK(usage_of(R"({"prompt_tokens":9,"completion_tokens":7,"reasoning_tokens":6})")->reasoning_tokens == 6);
}

TEST_CASE("details are never more than what they are a part of") {
  const auto usage =
      usage_of(R"({"prompt_tokens":9,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":10},)"
               R"("completion_tokens_details":{"reasoning_tokens":2}})");
  CHECK(usage == token_usage{.prompt_tokens = 9, .completion_tokens = 1, .cached_tokens = 9, .reasoning_tokens = 1});
}

TEST_CASE("details that are no counts leave the usage as it is") {
  for (const std::string details : {"null", "7", "[]", R"({"cached_tokens":null})", R"({"cached_tokens":-1})"}) {
    INFO(details);
    CHECK(usage_of(R"({"prompt_tokens":9,"completion_tokens":1,"prompt_tokens_details":)" + details + "}") ==
          token_usage{9, 1});
  }
}

TEST_CASE("reasoning that only the total counts is part of the completion") {
  CHECK(usage_of(R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":45,)"
                 R"("completion_tokens_details":{"reasoning_tokens":30}})") ==
        token_usage{.prompt_tokens = 10, .completion_tokens = 35, .reasoning_tokens = 30});
  CHECK(usage_of(R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,)"
                 R"("completion_tokens_details":{"reasoning_tokens":3}})") ==
        token_usage{.prompt_tokens = 10, .completion_tokens = 5, .reasoning_tokens = 3});
  CHECK(usage_of(R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":1})") == token_usage{10, 5});
}
