#include "tests/acceptance/clients_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

TEST_CASE("LangChain raises its own errors, and asks no second time where that cannot help", "[acceptance]") {
  clients_fixture it("langchain");
  CHECK(it.play("wrong_key") == "AuthenticationError MODEL_AUTHENTICATION 401 PLATFORM_AUTH_INVALID_API_KEY, asked 1x");
  CHECK(it.play("unknown_model") == "NotFoundError MODEL_NOT_FOUND 404 PLATFORM_NOT_FOUND, asked 1x");
}

TEST_CASE("LangChain takes a cut stream for an error", "[acceptance]") {
  clients_fixture it("langchain");
  CHECK(it.reads_a_cut_stream() == "one|two, then APIError UPSTREAM_UNAVAILABLE, asked 1x");
  CHECK(it.upstream.requests().size() == 1);
}

} // namespace
} // namespace gateway
