#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"
#include "tests/http/wire/gzipped.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using test::gzipped;

/// A gateway before an upstream, whose callers compress what they say.
struct fixture {
  fixture() {
    gateway.add_upstream(upstream.base_url());
    gateway.settings.limits.request_bytes = 4096;
    gateway.open();
    key = gateway.make_key();
  }

  http_response post(const std::string& path, const std::string& body, const std::string& coding = "gzip") const {
    return gateway.call("POST", path,
                        {{"Authorization", "Bearer " + key.at("key").get<std::string>()}, {"Content-Encoding", coding}},
                        body);
  }

  scripted_upstream upstream;
  gateway_fixture gateway;
  nlohmann::json key;
};

TEST_CASE("a request in gzip reaches the upstream decoded, and without the coding's name", "[acceptance]") {
  fixture it;
  CHECK(it.post("/v1/chat/completions", gzipped(chat_body("gpt"))).status == 200);
  const auto sent = it.upstream.wait_for_request();
  CHECK(sent.body == chat_body("provider-model"));
  CHECK_FALSE(sent.has("Content-Encoding"));
}

TEST_CASE("every endpoint with a body takes gzip", "[acceptance]") {
  fixture it;
  CHECK(it.post("/chat", gzipped(R"({"message":"hi"})"), "x-gzip").json().at("reply") == "hi");
  CHECK(it.post("/v1/chat/completions", gzipped(chat_body("echo"))).status == 200);
  CHECK(it.post("/v1/completions", gzipped(R"({"model":"echo","prompt":"x"})")).status == 200);
  CHECK(it.post("/v1/embeddings", gzipped(R"({"model":"echo","input":"x"})")).status == 200);
  const auto made =
      it.gateway.call("POST", "/admin/keys", {{"X-Admin-Token", "operators-only"}, {"Content-Encoding", "gzip"}},
                      gzipped(R"({"tenant_id":"zipped"})"));
  CHECK(made.status == 201);
  CHECK(made.json().at("tenant_id") == "zipped");
}

TEST_CASE("a coded body that cannot be taken is refused, and recorded", "[acceptance]") {
  fixture it;
  const auto broken = it.post("/v1/chat/completions", chat_body("echo"));
  CHECK(check_failure(broken, 400, "PLATFORM_REQUEST_INVALID").at("param") == "content-encoding");
  CHECK(it.gateway.wait_for_record(broken.header("X-Request-ID")).at("status") == 400);
  const auto other = check_failure(it.post("/chat", "x", "br"), 400, "PLATFORM_REQUEST_INVALID");
  CHECK(other.at("message").get<std::string>().find("gzip") != std::string::npos);
  const auto large = gzipped(R"({"message":")" + std::string(10'000'000, 'x') + "\"}").substr(0, 4096);
  check_failure(it.post("/chat", large), 413, "PLATFORM_REQUEST_TOO_LARGE");
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("used") == 0);
}

TEST_CASE("nobody's body is decoded before it is known who asks", "[acceptance]") {
  fixture it;
  const auto nobody = it.gateway.call("POST", "/v1/embeddings", {{"Content-Encoding", "gzip"}}, "not gzip");
  check_failure(nobody, 401, "PLATFORM_AUTH_MISSING_API_KEY");
  const auto no_operator = it.gateway.call("POST", "/admin/keys", {{"Content-Encoding", "gzip"}}, "not gzip");
  check_failure(no_operator, 403, "PLATFORM_AUTH_FORBIDDEN");
}

} // namespace
} // namespace gateway
