#include "tests/acceptance/clients_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

TEST_CASE("the openai package lists models, and talks to the echo model", "[acceptance]") {
  clients_fixture it("openai");
  CHECK(it.play("models") == "echo, gpt, model echo");
  CHECK(it.play("chat", "echo") == "hi there, stop, 10 tokens");
  CHECK(it.play("stream", "echo") == "hi| there");
  CHECK(it.play("stream_usage", "echo") == "10 tokens");
}

TEST_CASE("the openai package raises its own errors, and asks no second time where that cannot help", "[acceptance]") {
  clients_fixture it("openai");
  CHECK(it.play("wrong_key") == "AuthenticationError 401 PLATFORM_AUTH_INVALID_API_KEY, asked 1x");
  CHECK(it.play("unknown_model") == "NotFoundError 404 PLATFORM_NOT_FOUND, asked 1x");
  CHECK(it.play("bad_request") == "400 platform messages");
  const auto poor = it.gateway.make_key({{"tenant_id", "poor"}, {"quota_daily_tokens", 1}});
  CHECK(it.play_as(poor, "over_quota") == "429 PLATFORM_QUOTA_EXCEEDED, x-should-retry: false");
  CHECK(it.gateway.wait_for_records(2).size() == 2);
  CHECK(it.gateway.wait_for_records(1, "poor").size() == 1);
  CHECK(it.upstream.requests().empty());
}

TEST_CASE("the openai package takes a cut stream for an error", "[acceptance]") {
  clients_fixture it("openai");
  CHECK(it.reads_a_cut_stream() == "one|two, then APIError UPSTREAM_UNAVAILABLE, asked 1x");
}

TEST_CASE("the openai package takes a stream that a limit cut for an error", "[acceptance]") {
  clients_fixture it("openai");
  it.gateway.settings.models["gpt"].max_output_tokens = 100;
  it.gateway.reopen();
  const auto poor = it.gateway.make_key({{"tenant_id", "poor"}, {"quota_daily_tokens", 300}});
  it.upstream.next([](upstream_talk& talk) {
    talk.start_events();
    while (talk.send_event(text_chunk("on"))) continue;
    talk.close();
  });
  const auto seen = it.play_as(poor, "cut_stream");
  CHECK_THAT(seen,
             Catch::StartsWith("on|on|on|") && Catch::EndsWith("|on, then APIError PLATFORM_QUOTA_EXCEEDED, asked 1x"));
}

TEST_CASE("the openai package asks again when an upstream failed for a moment", "[acceptance]") {
  clients_fixture it("openai");
  it.upstream.next(answer_with(500, "{}"));
  CHECK(it.chats() == "hi there, stop, 14 tokens");
  CHECK(it.upstream.requests().size() == 2);
}

TEST_CASE("the openai package asks for packed embeddings unless told otherwise", "[acceptance]") {
  clients_fixture it("openai");
  REQUIRE(it.embeds("embeddings_as_floats") == "[[0.5,-0.25],[2,3]]");
  REQUIRE(it.embeds("embeddings") == "[[0.5,-0.25],[2,3]]");
  CHECK(it.asked(0).at("encoding_format") == "float");
  CHECK(it.asked(1).at("encoding_format") == "base64");
}

} // namespace
} // namespace gateway
