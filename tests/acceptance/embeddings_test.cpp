#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace gateway {
namespace {

using nlohmann::json;

struct fixture {
  explicit fixture(const json& fields = {{"tenant_id", "acme"}}) {
    gateway.add_upstream(upstream.base_url());
    gateway.open();
    key = gateway.make_key(fields);
  }

  http_response post(const std::string& body) const {
    return gateway.call("POST", "/v1/embeddings", with_key(key.at("key")), body);
  }

  scripted_upstream upstream;
  gateway_fixture gateway;
  json key;
};

TEST_CASE("embeddings pass through byte for byte, as numbers and in base64", "[acceptance]") {
  fixture it;
  const std::string start = R"({"object":"list", "unknown":{"a":1e400},"data":[{"object":"embedding","index":0,)";
  const std::string end = "}],\"model\":\"m\",\n\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8,\"extra\":1.0}}\n";
  for (const std::string vector : {"\"embedding\":[0.0023064255,-1e-05, 0.10]", "\"embedding\":\"zczMPQAAgL8=\""}) {
    std::string given = start;
    given.append(vector).append(end);
    it.upstream.next(answer_with(200, given));
    const std::string asked = R"({"input":[1212, 318],"encoding_format":"base64","user":"\u00e9","dimensions":3,)";
    const auto got = it.post(asked + R"("model":"gpt"})");
    CHECK(got.status == 200);
    CHECK(got.body == given);
    CHECK(it.upstream.requests().back().body == asked + R"("model":"provider-model"})");
    CHECK(it.upstream.requests().back().request_line == "POST /v1/embeddings HTTP/1.1");
    const auto record = it.gateway.wait_for_record(got.header("X-Request-ID"));
    CHECK(record.at("endpoint") == "/v1/embeddings");
    CHECK(record.at("prompt_tokens") == 8);
    CHECK(record.at("completion_tokens") == 0);
    CHECK(record.at("usage_source") == "provider");
    CHECK(record.at("stream") == false);
  }
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == 16);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("held") == 0);
}

TEST_CASE("embeddings hold no tokens for an answer", "[acceptance]") {
  fixture it({{"tenant_id", "acme"}, {"quota_daily_tokens", 10}});
  CHECK(it.post(R"({"model":"echo","input":"one two three"})").status == 200);
  check_failure(it.gateway.complete(it.key.at("key"), chat_body("echo")), 429, "PLATFORM_QUOTA_EXCEEDED");
}

TEST_CASE("the built-in model gives every text a vector, the same for the same text", "[acceptance]") {
  fixture it;
  const auto got = it.post(R"({"model":"echo","input":["one two","three","one two"],"dimensions":8})");
  REQUIRE(got.status == 200);
  const auto body = got.json();
  CHECK(body.at("object") == "list");
  CHECK(body.at("model") == "echo");
  REQUIRE(body.at("data").size() == 3);
  CHECK(body.at("data")[0].at("embedding").size() == 8);
  CHECK(body.at("data")[0].at("embedding") == body.at("data")[2].at("embedding"));
  const auto record = it.gateway.wait_for_record(got.header("X-Request-ID"));
  CHECK(record.at("prompt_tokens") == body.at("usage").at("prompt_tokens"));
  CHECK(record.at("completion_tokens") == 0);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == body.at("usage").at("total_tokens"));
  const auto coded = it.post(R"({"model":"echo","input":"a","dimensions":1,"encoding_format":"base64"})");
  CHECK(coded.json().at("data")[0].at("embedding") == "AACAPw==");
}

TEST_CASE("an embedding that cannot be is refused, and the field at fault is named", "[acceptance]") {
  fixture it;
  const std::pair<std::string, std::string> wrong[] = {
      {R"({"model":"echo"})", "input"},
      {R"({"model":"echo","input":{}})", "input"},
      {R"({"model":"echo","input":[1,2]})", "input"},
      {R"({"model":"echo","input":"x","dimensions":0})", "dimensions"},
      {R"({"model":"echo","input":"x","encoding_format":"int8"})", "encoding_format"}};
  for (const auto& [body, param] : wrong) {
    INFO(body);
    CHECK(check_failure(it.post(body), 400, "PLATFORM_REQUEST_INVALID").at("param") == param);
  }
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("used") == 0);
}

} // namespace
} // namespace gateway
