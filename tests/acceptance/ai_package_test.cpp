#include "tests/acceptance/clients_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

/// The package takes the gateway's last event for a part of the stream, and the missing end of the body for a failure.
void check_cut_stream(const std::string& program) {
  clients_fixture it(program);
  CHECK(it.reads_a_cut_stream() == "one|two, then AI_APICallError 200 terminated, asked 1x");
  CHECK(it.reads_a_cut_stream("parts_of_cut_stream") ==
        "text-delta|text-delta|error, told UPSTREAM_UNAVAILABLE, then AI_APICallError 200 terminated; text: "
        "AI_APICallError");
}

void check_refusals(const std::string& program) {
  clients_fixture it(program);
  CHECK(it.play("wrong_key") == "AI_APICallError 401 PLATFORM_AUTH_INVALID_API_KEY, asked 1x");
  CHECK(it.play("unknown_model") == "AI_APICallError 404 PLATFORM_NOT_FOUND, asked 1x");
  CHECK(it.upstream.requests().empty());
}

TEST_CASE("the ai package raises its own errors, and asks no second time where that cannot help", "[acceptance]") {
  check_refusals("ai_openai");
}

TEST_CASE("the ai package with the compatible provider raises the same errors", "[acceptance]") {
  check_refusals("ai_openai_compatible");
}

TEST_CASE("the ai package takes a cut stream for an error", "[acceptance]") { check_cut_stream("ai_openai"); }

TEST_CASE("the ai package with the compatible provider takes a cut stream for an error", "[acceptance]") {
  check_cut_stream("ai_openai_compatible");
}

} // namespace
} // namespace gateway
