#include "config/environment.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

TEST_CASE("the environment of the process tells a variable that is empty from one that is not set") {
  REQUIRE(setenv("GATEWAY_TEST_VARIABLE", "", 1) == 0);
  CHECK(gateway::process_environment()("GATEWAY_TEST_VARIABLE") == "");
  REQUIRE(setenv("GATEWAY_TEST_VARIABLE", "value", 1) == 0);
  CHECK(gateway::process_environment()("GATEWAY_TEST_VARIABLE") == "value");
  REQUIRE(unsetenv("GATEWAY_TEST_VARIABLE") == 0);
  CHECK_FALSE(gateway::process_environment()("GATEWAY_TEST_VARIABLE").has_value());
}
