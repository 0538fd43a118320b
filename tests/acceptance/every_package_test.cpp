#include "tests/acceptance/clients_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace gateway {
namespace {

struct openai {
  static constexpr auto program = "openai";
};
struct ai_openai {
  static constexpr auto program = "ai_openai";
};
struct ai_openai_compatible {
  static constexpr auto program = "ai_openai_compatible";
};
struct langchain {
  static constexpr auto program = "langchain";
};

} // namespace

TEMPLATE_TEST_CASE("a package from npm chats, and streams", "[acceptance]", openai, ai_openai, ai_openai_compatible,
                   langchain) {
  clients_fixture it(TestType::program);
  CHECK(it.chats() == "hi there, stop, 14 tokens");
  CHECK(it.streams() == "hi| there");
  CHECK(it.gateway.wait_for_records(2).size() == 2);
}

TEMPLATE_TEST_CASE("a package from npm calls a tool for the model", "[acceptance]", openai, ai_openai,
                   ai_openai_compatible, langchain) {
  clients_fixture it(TestType::program);
  SECTION("asked for as a whole") { CHECK(it.calls_a_tool() == "rain in Oslo, take a coat"); }
  SECTION("asked for in a stream") { CHECK(it.calls_a_streamed_tool() == "rain in Oslo, take a coat"); }
  REQUIRE(it.upstream.requests().size() == 2);
  CHECK(it.asked(0).at("tools").at(0).at("function").at("name") == "weather");
  const auto told = it.asked(1).at("messages");
  CHECK(told.at(1).at("tool_calls").at(0).at("id") == "call_1");
  CHECK(told.at(2).at("role") == "tool");
  CHECK(told.at(2).at("content") == "rain in Oslo");
}

TEMPLATE_TEST_CASE("a package from npm that aborts a stream frees the upstream, and goes on", "[acceptance]", openai,
                   ai_openai, ai_openai_compatible, langchain) {
  clients_fixture it(TestType::program);
  CHECK(it.leaves_a_stream() == "on and on, then hi there");
  const auto records = it.gateway.wait_for_records(2);
  const auto cancelled = [](const auto& record) { return record.at("error_code") == "PLATFORM_CANCELLED"; };
  CHECK(std::ranges::count_if(records, cancelled) == 1);
}

TEMPLATE_TEST_CASE("a package from npm asks a busy upstream again", "[acceptance]", openai, ai_openai,
                   ai_openai_compatible, langchain) {
  clients_fixture it(TestType::program);
  CHECK(it.asks_a_busy_upstream() == "hi there, stop, 14 tokens");
  CHECK(it.upstream.requests().size() == 2);
}

TEMPLATE_TEST_CASE("a package from npm gets embeddings", "[acceptance]", openai, ai_openai, ai_openai_compatible,
                   langchain) {
  clients_fixture it(TestType::program);
  REQUIRE(it.embeds() == "[[0.5,-0.25],[2,3]]");
  CHECK(it.asked(0).at("model") == "provider-model");
}

} // namespace gateway
