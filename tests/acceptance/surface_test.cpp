#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

TEST_CASE("the version is told to anyone", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto answer = gateway.call("GET", "/version");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"code":200,"msg":"success","data":"v1.0.0"})");
}

} // namespace
} // namespace gateway
