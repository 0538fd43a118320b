#include "http/endpoints/operators.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

admin_spec three_operators() {
  admin_spec tokens;
  tokens.token = secret("main");
  tokens.tokens = {{"ada", secret("ada-token"), admin_role::admin}, {"bob", secret("bob-token"), admin_role::viewer}};
  return tokens;
}

TEST_CASE("an operator is known by the token, with its name and role") {
  const auto tokens = three_operators();
  CHECK(find_operator(tokens, "main")->name == "admin");
  CHECK(find_operator(tokens, "main")->role == admin_role::admin);
  CHECK(find_operator(tokens, "ada-token")->name == "ada");
  CHECK(find_operator(tokens, "bob-token")->name == "bob");
  CHECK(find_operator(tokens, "bob-token")->role == admin_role::viewer);
}

TEST_CASE("what is no operator's token opens nothing") {
  auto tokens = three_operators();
  for (const auto* wrong : {"", "mai", "main2", "Main", "ada", "bob-toke", "admin"})
    CHECK_FALSE(find_operator(tokens, wrong));
  tokens.token = secret();
  CHECK_FALSE(find_operator(tokens, ""));
  CHECK(find_operator(tokens, "ada-token"));
  CHECK_FALSE(find_operator(admin_spec{secret(), {}}, ""));
}

TEST_CASE("a viewer may look and change nothing") {
  CHECK(may_call(admin_role::viewer, "GET"));
  for (const auto* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    CHECK_FALSE(may_call(admin_role::viewer, method));
    CHECK(may_call(admin_role::admin, method));
  }
}

} // namespace
} // namespace gateway
