#include "http/router.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace gateway {
namespace {

task<void> nothing(exchange&) { co_return; }

constexpr std::array table{
    endpoint{"POST", "/chat", access::caller, nothing},
    endpoint{"GET", "/admin/keys", access::operators, nothing},
    endpoint{"POST", "/admin/keys", access::operators, nothing},
    endpoint{"DELETE", "/admin/keys/{}", access::operators, nothing},
    endpoint{"POST", "/admin/keys/{}/rotate", access::operators, nothing},
    endpoint{"GET", "/v1/models/{*}", access::caller, nothing},
};

/// The pattern that was found and what its `{}` stood for, or the code of the refusal.
std::string found(std::string_view method, std::string_view path) {
  const auto to = find_endpoint(table, method, path);
  if (!to) return std::string(to_string(to.error().code));
  const auto pattern = std::string(to->to->method) + " " + std::string(to->to->pattern);
  return to->parameter.empty() ? pattern : pattern + " " + to->parameter;
}

TEST_CASE("a path is found by its method") {
  CHECK(found("POST", "/chat") == "POST /chat");
  CHECK(found("GET", "/admin/keys") == "GET /admin/keys");
  CHECK(found("POST", "/admin/keys") == "POST /admin/keys");
}

TEST_CASE("{} stands for one segment, decoded") {
  CHECK(found("DELETE", "/admin/keys/abc") == "DELETE /admin/keys/{} abc");
  CHECK(found("POST", "/admin/keys/abc/rotate") == "POST /admin/keys/{}/rotate abc");
  CHECK(found("DELETE", "/admin/keys/a%20b%2Fc") == "DELETE /admin/keys/{} a b/c");
  CHECK(found("DELETE", "/admin/keys/a+b") == "DELETE /admin/keys/{} a+b");
}

TEST_CASE("{*} stands for all that is left, slashes included") {
  CHECK(found("GET", "/v1/models/gpt-4o") == "GET /v1/models/{*} gpt-4o");
  CHECK(found("GET", "/v1/models/openai/gpt-4o") == "GET /v1/models/{*} openai/gpt-4o");
  CHECK(found("GET", "/v1/models/openai%2Fgpt-4o") == "GET /v1/models/{*} openai/gpt-4o");
  CHECK(found("GET", "/v1/models/") == "PLATFORM_NOT_FOUND");
}

TEST_CASE("a path that is like one is not it") {
  const auto path = GENERATE("", "/", "chat", "/chat/", "/chats", "/cha", "/Chat", "//chat", "/chat/x", "/admin",
                             "/admin/keys/", "/admin/keys//rotate", "/admin/keys/a/b", "/admin/keys/a/rotate/", "*");
  CHECK(found("POST", path) == "PLATFORM_NOT_FOUND");
}

TEST_CASE("HEAD is served where GET is") {
  CHECK(found("HEAD", "/admin/keys") == "GET /admin/keys");
  CHECK(found("HEAD", "/chat") == "PLATFORM_METHOD_NOT_ALLOWED");
}

TEST_CASE("a path that has other methods names them as Allow does") {
  const auto one = find_endpoint(table, "GET", "/chat");
  REQUIRE_FALSE(one);
  CHECK(one.error().code == ec::method_not_allowed);
  REQUIRE(one.error().details.size() == 1);
  CHECK(one.error().details[0] == std::pair<std::string, std::string>("allow", "POST"));
  const auto more = find_endpoint(table, "PUT", "/admin/keys");
  REQUIRE_FALSE(more);
  CHECK(more.error().details.at(0).second == "GET, HEAD, POST");
  CHECK(found("BREW", "/chat") == "PLATFORM_METHOD_NOT_ALLOWED");
}

} // namespace
} // namespace gateway
