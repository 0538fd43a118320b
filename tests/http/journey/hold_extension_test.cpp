#include "tests/http/journey/walk_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

using namespace test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

/// Streams of a model whose default is 100 tokens, so that a slice is the least: 256.
struct stream_fixture : walk_fixture {
  stream_fixture() {
    settings.models["echo"].max_output_tokens = 100;
    settings.models["echo"].cost = price{1'000'000, 3'000'000, 1'000'000};
  }

  static std::string words(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "word ";
    return text;
  }

  std::uint64_t held() const {
    auto sum = all->reserved.front().tokens;
    for (const auto& each : all->extended) sum += each.tokens;
    return sum;
  }

  void refuse_growth(limit_kind kind) {
    all->refuses_extension = quota_refusal{
        {limit_scope::key, kind, 1000, 900, 0, wall_clock_now() + std::chrono::hours(1)}, 256, wall_clock_now()};
  }

  const std::string stream = R"(,"stream":true)";
};

TEST_CASE_METHOD(stream_fixture, "a stream without a maximum takes slices as it runs, and ends as it should") {
  answer(words(1000), stream);
  CHECK_THAT(told(), EndsWith("data: [DONE]\n\n\r\n0\r\n\r\n"));
  REQUIRE_FALSE(all->extended.empty());
  for (const auto& each : all->extended) {
    CHECK(each.tokens % 256 == 0);
    CHECK(each.cost == 3 * each.tokens);
  }
  REQUIRE(all->settled.size() == 1);
  CHECK(held() >= all->settled.front().tokens);
}

TEST_CASE_METHOD(stream_fixture, "a short stream, one with a maximum and a whole answer take no slices") {
  answer(words(20), stream);
  answer(words(1000), stream + R"(,"max_tokens":2000)");
  answer(words(1000), stream + R"(,"max_completion_tokens":2000)");
  answer(words(1000));
  CHECK(all->extended.empty());
  CHECK(all->settled.size() == 4);
}

TEST_CASE_METHOD(stream_fixture,
                 "a stream that may not take another slice ends with the refusal, and what passed is charged") {
  const auto kind = GENERATE(limit_kind::daily_tokens, limit_kind::tokens_per_minute, limit_kind::budget_per_day);
  refuse_growth(kind);
  answer(words(5000), stream);
  CHECK(all->extended.size() == 1);
  CHECK_THAT(told(), StartsWith("HTTP/1.1 200") && Contains("PLATFORM_QUOTA_EXCEEDED") && !Contains("[DONE]"));
  CHECK_THAT(told(), Contains(std::string(to_string(kind))));
  REQUIRE(all->settled.size() == 1);
  const auto& record = all->entries.back().record;
  CHECK(record.error_code == "PLATFORM_QUOTA_EXCEEDED");
  CHECK(record.source == usage_source::estimated);
  CHECK(record.counted);
  CHECK(record.usage.completion_tokens > 50);
  CHECK(record.usage.total() == all->settled.front().tokens);
}

} // namespace
} // namespace gateway
