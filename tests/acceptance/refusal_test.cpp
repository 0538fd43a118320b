#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace gateway {
namespace {

/// Bodies of /v1/chat/completions that are no chat, and the field at fault, if it is one.
const std::vector<std::pair<std::string, std::string>> no_chats{
    {"", ""},
    {"hello", ""},
    {"[]", ""},
    {"\"text\"", ""},
    {"null", ""},
    {"{", ""},
    {R"({"model":"echo","messages":[{"role":"user","content":"hi"}])", ""},
    {R"({"model":"echo","messages":[{"role":"user","content":"hi"}]} x)", ""},
    {R"({"model":"echo","messages":[{"role":"user","content":"hi"}],})", ""},
    {"{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"\xff\xfe\"}]}", ""},
    {"{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"\xc3\"}]}", ""},
    {std::string(20000, '['), ""},
    {R"({"messages":7})", "messages"},
    {R"({"model":"echo"})", "messages"},
    {R"({"model":7,"messages":[]})", "model"},
    {R"({"model":"","messages":[{"role":"user","content":"hi"}]})", "model"},
    {R"({"model":"echo","messages":"hi"})", "messages"},
    {R"({"model":"echo","messages":[{"role":"user","content":"hi"}],"stream":"yes"})", "stream"},
    {R"({"model":"echo","messages":[{"role":"user","content":"hi"}],"max_tokens":"many"})", "max_tokens"},
    {R"({"model":"echo","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":7})",
     "stream_options"},
};

TEST_CASE("a body that is no chat is refused, and the field at fault is named", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key();
  for (const auto& [body, param] : no_chats) {
    INFO(body.substr(0, 200));
    const auto error = check_failure(gateway.complete(key.at("key"), body), 400, "PLATFORM_REQUEST_INVALID");
    CHECK(error.at("param") == (param.empty() ? nlohmann::json() : nlohmann::json(param)));
  }
  CHECK(gateway.usage(key).at("daily_requests").at("used") == 0);
}

TEST_CASE("a body of another type is refused", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  const auto post = [&](const std::string& type, const std::string& coding) {
    header_list headers{{"X-API-Key", key}, {"Content-Type", type}};
    if (!coding.empty()) headers.emplace_back("Content-Encoding", coding);
    return gateway.call("POST", "/chat", headers, R"({"message":"hi"})");
  };
  for (const auto* type : {"text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""})
    CHECK(check_failure(post(type, ""), 400, "PLATFORM_REQUEST_INVALID").at("param") == "content-type");
  CHECK(check_failure(post("application/json", "br"), 400, "PLATFORM_REQUEST_INVALID").at("param") ==
        "content-encoding");
  for (const auto* type : {"application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"})
    CHECK(post(type, "").status == 200);
}

TEST_CASE("a request without a body says that it needs one", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  for (const auto* length : {"", "Content-Length: 0\r\n"}) {
    http_client caller(gateway.port());
    caller.send("POST /chat HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nX-API-Key: " + key + "\r\n" +
                length + "\r\n");
    check_failure(caller.read_response(), 400, "PLATFORM_REQUEST_INVALID");
  }
}

TEST_CASE("a path that is not there is a 404", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  for (const auto* path : {"/", "/v1", "/v1/", "/chat/", "/chat/x", "//healthz", "/healthz/", "/HEALTHZ", "/admin",
                           "/admin/keys/", "/v1/chat/completions/x", "/..%2f..%2fetc/passwd", "/%00", "*"}) {
    INFO(path);
    check_failure(gateway.call("GET", path), 404, "PLATFORM_NOT_FOUND");
  }
  CHECK(gateway.call("GET", "/healthz?x=y").status == 200);
}

TEST_CASE("a method that a path does not take is a 405 that names those it takes", "[acceptance]") {
  struct example {
    const char* method;
    const char* path;
    const char* allow;
  };
  gateway_fixture gateway;
  gateway.open();
  for (const auto& each :
       {example{"GET", "/chat", "POST"}, example{"HEAD", "/chat", "POST"}, example{"DELETE", "/v1/models", "GET, HEAD"},
        example{"PUT", "/v1/chat/completions", "POST"}, example{"OPTIONS", "/admin/keys", "POST, GET, HEAD"},
        example{"chat", "/chat", "POST"}, example{"PUT", "/admin/keys/x", "GET, HEAD, PATCH, DELETE"},
        example{"POST", "/healthz", "GET, HEAD"}, example{"BREW", "/version", "GET, HEAD"}}) {
    INFO(each.method << " " << each.path);
    const auto answer = gateway.call(each.method, each.path);
    CHECK(answer.header("Allow") == each.allow);
    CHECK(answer.status == 405);
    if (std::string(each.method) != "HEAD") check_failure(answer, 405, "PLATFORM_METHOD_NOT_ALLOWED");
  }
}

TEST_CASE("after a refusal the connection takes the next request", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  http_client caller(gateway.port());
  CHECK(caller.call("POST", "/nothing", {}, R"({"a":1})").status == 404);
  CHECK(caller.call("PUT", "/chat", {}, R"({"a":1})").status == 405);
  CHECK(caller.call("POST", "/chat", {}, R"({"message":"hi"})").status == 401);
  CHECK(caller.call("POST", "/admin/keys", {}, "{").status == 403);
  CHECK(caller.call("GET", "/healthz").status == 200);
}

} // namespace
} // namespace gateway
