#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace gateway {
namespace {

TEST_CASE("anyone may ask whether the gateway lives, is ready, and what it is", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto version = gateway.call("GET", "/version");
  CHECK(version.status == 200);
  CHECK(version.body == R"({"code":200,"msg":"success","data":"v1.0.0"})");
  for (const auto* path : {"/healthz", "/readyz"}) {
    const auto answer = gateway.call("GET", path);
    INFO(path);
    CHECK(answer.status == 200);
    CHECK(answer.body == R"({"ok":true})");
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(answer.header("X-Request-ID").size() == 32);
    CHECK(answer.header("request-id") == answer.header("X-Request-ID"));
  }
}

TEST_CASE("HEAD is answered as GET without a body, and the connection goes on", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  http_client caller(gateway.port());
  const auto head = caller.call("HEAD", "/version");
  CHECK(head.status == 200);
  CHECK(head.header("Content-Length") == "44");
  CHECK(caller.call("GET", "/version").body.size() == 44);
  CHECK(caller.call("HEAD", "/nothing").status == 404);
  CHECK(caller.call("GET", "/healthz").body == R"({"ok":true})");
}

TEST_CASE("a request id of the caller's is kept when it can be, and replaced when not", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto id_for = [&](const std::string& given) {
    const auto answer = gateway.call("GET", "/healthz", {{"X-Request-ID", given}});
    CHECK(answer.header("request-id") == answer.header("X-Request-ID"));
    return answer.header("X-Request-ID");
  };
  for (const auto& good : {std::string("a"), std::string("Order-7_of.9"), std::string(128, 'x')})
    CHECK(id_for(good) == good);
  for (const auto& bad : {std::string("two words"), std::string("semi;colon"), std::string("caf\xc3\xa9"),
                          std::string(129, 'x'), std::string("<script>")}) {
    const auto ours = id_for(bad);
    INFO(bad);
    CHECK(ours.size() == 32);
    CHECK(ours.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
}

TEST_CASE("a failure carries the caller's request id too, in its body and its headers", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto refused = gateway.call("GET", "/nothing", {{"X-Request-ID", "mine-1"}});
  CHECK(check_failure(refused, 404, "PLATFORM_NOT_FOUND").at("request_id") == "mine-1");
}

TEST_CASE("a key sees the models it may ask for, as OpenAI lists them", "[acceptance]") {
  gateway_fixture gateway;
  gateway.add_upstream("http://127.0.0.1:9/v1");
  gateway.settings.models["vendor/*"] = gateway.settings.models["gpt"];
  gateway.settings.models["vendor/one"] = gateway.settings.models["gpt"];
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  const auto list = gateway.call("GET", "/v1/models", with_key(key));
  REQUIRE(list.status == 200);
  const auto body = list.json();
  CHECK(body.at("object") == "list");
  std::vector<std::string> ids;
  for (const auto& each : body.at("data")) {
    ids.push_back(each.at("id"));
    CHECK(each.at("object") == "model");
    CHECK(each.at("created").is_number_integer());
    CHECK(each.at("owned_by").is_string());
  }
  CHECK(ids == std::vector<std::string>{"echo", "gpt", "vendor/one"});
  const auto one = gateway.call("GET", "/v1/models/vendor/one", with_key(key));
  CHECK(one.status == 200);
  CHECK(one.json().at("id") == "vendor/one");
  CHECK(gateway.call("GET", "/v1/models/vendor%2Ftwo", with_key(key)).json().at("id") == "vendor/two");
  check_failure(gateway.call("GET", "/v1/models/none", with_key(key)), 404, "PLATFORM_NOT_FOUND");
  check_failure(gateway.call("GET", "/v1/models"), 401, "PLATFORM_AUTH_MISSING_API_KEY");
}

} // namespace
} // namespace gateway
