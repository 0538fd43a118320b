#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

/// A gateway with one worker, so that it has one pool of connections, before one upstream.
struct fixture {
  fixture() {
    gateway.settings.topology.workers = 1;
    gateway.add_upstream(upstream.base_url());
    gateway.open();
    key = gateway.make_key().at("key");
  }

  scripted_upstream upstream;
  gateway_fixture gateway;
  std::string key;
};

TEST_CASE("every byte of a request but the model's name reaches the upstream as it was sent", "[acceptance]") {
  fixture it;
  const std::string before =
      " \r\n\t{ \"messages\" : [ {\"role\":\"user\",\"content\":\"caf\xc3\xa9 \\u00e9 \xf0\x9f\x98\x80 \\/\"} ],";
  const std::string after =
      " \"temperature\":1e400,\"seed\":12345678901234567890,\"top_p\":0.10,\"x\":-0.0E+1,\n"
      "\"unknown\":{\"model\":\"gpt\",\"deep\":[null,true,{\"a\":1.000}]},\"stop\":[\"\\n\"],\"n\" :1 } \n";
  REQUIRE(it.gateway.complete(it.key, before + "\"model\" :\t\"gpt\"," + after).status == 200);
  CHECK(it.upstream.wait_for_request().body == before + "\"model\" :\t\"provider-model\"," + after);
}

TEST_CASE("an answer's body comes back byte for byte", "[acceptance]") {
  fixture it;
  const std::string answer =
      "{ \"id\":\"x\", \"unknown\" : 1e400,\"choices\":[{\"message\":{\"content\":\"\xf0\x9f\x98\x80\\u0000\"}}],\n"
      "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"details\":{\"z\":12345678901234567890}}}\n";
  it.upstream.next(answer_with(200, answer));
  const auto got = it.gateway.complete(it.key, chat_body());
  CHECK(got.status == 200);
  CHECK(got.body == answer);
  CHECK(got.header("Content-Type") == "application/json");
  CHECK(got.header("x-gateway-upstream") == "provider");
  CHECK(got.header("x-gateway-attempts") == "1");
}

TEST_CASE("an answer in chunks, or one that ends with its connection, comes back whole", "[acceptance]") {
  fixture it;
  it.upstream.next([](upstream_talk& talk) {
    talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    const auto body = completion("in chunks");
    for (const char c : body) talk.send("1;x=y\r\n" + std::string(1, c) + "\r\n");
    talk.send("0\r\nTrailer: t\r\n\r\n");
  });
  it.upstream.next([](upstream_talk& talk) {
    talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" +
              completion("to the end"));
    talk.close();
  });
  CHECK(it.gateway.complete(it.key, chat_body()).body == completion("in chunks"));
  CHECK(it.gateway.complete(it.key, chat_body()).body == completion("to the end"));
}

TEST_CASE("only harmless headers cross to the upstream, and none of the caller's credentials", "[acceptance]") {
  fixture it;
  const header_list crossing{{"OpenAI-Beta", "assistants=v2"},
                             {"anthropic-version", "2023-06-01"},
                             {"anthropic-beta", "tools"},
                             {"traceparent", "00-1-2-03"},
                             {"tracestate", "a=b"},
                             {"User-Agent", "tests/1"},
                             {"Accept", "application/json"},
                             {"X-Request-ID", "mine-7"}};
  const header_list staying{{"Authorization", "Bearer " + it.key},
                            {"X-API-Key", it.key},
                            {"api-key", it.key},
                            {"Cookie", "session=1"},
                            {"X-Admin-Token", "t"},
                            {"X-Forwarded-For", "10.0.0.1"},
                            {"Origin", "http://a"},
                            {"X-Custom", "1"},
                            {"OpenAI-Organization", "org-theirs"},
                            {"OpenAI-Project", "proj-theirs"}};
  auto all = crossing;
  all.insert(all.end(), staying.begin(), staying.end());
  REQUIRE(it.gateway.call("POST", "/v1/chat/completions", all, chat_body()).status == 200);
  const auto got = it.upstream.wait_for_request();
  CHECK(got.request_line == "POST /v1/chat/completions HTTP/1.1");
  for (const auto& [name, value] : crossing) {
    INFO(name);
    CHECK(got.header(name) == value);
    CHECK(count_headers(got.headers, name) == 1);
  }
  CHECK(got.header("Authorization") == "Bearer provider-secret");
  CHECK(count_headers(got.headers, "Authorization") == 1);
  for (const auto& [name, value] : staying) {
    if (name == "Authorization") continue;
    INFO(name);
    CHECK_FALSE(got.has(name));
  }
  for (const auto& [name, value] : got.headers) CHECK(value.find(it.key) == std::string::npos);
  CHECK(got.header("Content-Type") == "application/json");
  CHECK(got.header("Host") == "127.0.0.1:" + std::to_string(it.upstream.port()));
}

TEST_CASE("of the upstream's headers only its request id comes back, under another name", "[acceptance]") {
  fixture it;
  it.upstream.next(answer_with(200, completion("hi"),
                               {{"x-request-id", "req_provider"},
                                {"Set-Cookie", "a=b"},
                                {"x-ratelimit-limit-requests", "9"},
                                {"openai-organization", "org-ours"},
                                {"Server", "s"},
                                {"x-gateway-upstream", "lies"}}));
  const auto got =
      it.gateway.call("POST", "/v1/chat/completions", {{"X-API-Key", it.key}, {"X-Request-ID", "mine"}}, chat_body());
  CHECK(got.header("x-upstream-request-id") == "req_provider");
  CHECK(got.header("X-Request-ID") == "mine");
  CHECK(got.header("x-ratelimit-limit-requests") == "1000");
  CHECK(got.header("x-gateway-upstream") == "provider");
  for (const auto* name : {"Set-Cookie", "openai-organization", "Server"}) CHECK_FALSE(got.has(name));
  for (const auto& [name, value] : got.headers) {
    INFO(name);
    CHECK(count_headers(got.headers, name) == 1);
  }
}

TEST_CASE("requests one after the other use one connection to the upstream", "[acceptance]") {
  fixture it;
  for (int i = 0; i < 3; ++i) CHECK(it.gateway.complete(it.key, chat_body()).status == 200);
  CHECK(it.upstream.connections() == 1);
}

TEST_CASE("a connection that the upstream closed while it was idle is replaced by a fresh one", "[acceptance]") {
  fixture it;
  it.upstream.next([](upstream_talk& talk) {
    answer_with(200, completion("first"))(talk);
    talk.close();
  });
  CHECK(it.gateway.complete(it.key, chat_body()).body == completion("first"));
  it.upstream.wait_for_ends(1);
  CHECK(it.gateway.complete(it.key, chat_body()).body == completion("hello"));
  CHECK(it.upstream.connections() == 2);
  CHECK(it.upstream.requests().size() == 2);
}

TEST_CASE("a reused connection that ends when it is asked is tried once more on a fresh one", "[acceptance]") {
  fixture it;
  it.upstream.next(answer_with(200, completion("first")));
  it.upstream.next([](upstream_talk& talk) { talk.reset(); });
  it.upstream.next(answer_with(200, completion("second")));
  CHECK(it.gateway.complete(it.key, chat_body()).body == completion("first"));
  CHECK(it.gateway.complete(it.key, chat_body()).body == completion("second"));
  CHECK(it.upstream.connections() == 2);
  CHECK(it.upstream.requests().size() == 3);
  CHECK(it.gateway.usage(it.gateway.admin("GET", "/admin/keys").json()[0]).at("daily_requests").at("used") == 2);
}

} // namespace
} // namespace gateway
