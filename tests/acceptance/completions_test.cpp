#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/stream_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using nlohmann::json;

std::string chunk(const std::string& text, const std::string& finish = "null") {
  return R"({"id":"cmpl-1","object":"text_completion","created":1,"model":"m","x":1.0,"choices":[{"text":")" + text +
         R"(","index":0,"logprobs":null,"finish_reason":)" + finish + "}]}";
}

const std::string usage_event =
    R"({"id":"cmpl-1","object":"text_completion","choices":[],"usage":{"prompt_tokens":30,"completion_tokens":20}})";

http_response post(const gateway_fixture& gateway, const json& key, const std::string& body) {
  return gateway.call("POST", "/v1/completions", with_key(key.at("key")), body);
}

TEST_CASE("a completion passes through byte for byte, and what it used is settled and recorded", "[acceptance]") {
  stream_fixture it;
  it.open();
  const std::string answer =
      "{ \"id\":\"cmpl-1\",\"object\":\"text_completion\", \"unknown\" : 1e400,\"choices\":[{\"text\":\"\\u0000\","
      "\"logprobs\":{\"token_logprobs\":[-0.10]}}],\n\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n";
  it.upstream.next(answer_with(200, answer));
  const std::string start = "{ \"prompt\":[\"caf\\u00e9\", \"b\"],\"suffix\":null,\"logit_bias\":{\"50256\":-1.0},";
  const auto got = post(it.gateway, it.key, start + "\"model\":\"gpt\"}");
  CHECK(got.status == 200);
  CHECK(got.body == answer);
  const auto sent = it.upstream.wait_for_request();
  CHECK(sent.request_line == "POST /v1/completions HTTP/1.1");
  CHECK(sent.body == start + "\"model\":\"provider-model\"}");
  const auto record = it.gateway.wait_for_record(got.header("X-Request-ID"));
  CHECK(record.at("endpoint") == "/v1/completions");
  CHECK(record.at("model") == "gpt");
  CHECK(record.at("prompt_tokens") == 3);
  CHECK(record.at("completion_tokens") == 4);
  CHECK(record.at("usage_source") == "provider");
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == 7);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("held") == 0);
}

TEST_CASE("a stream of text chunks passes through, and its usage stays with the gateway", "[acceptance]") {
  stream_fixture it;
  it.open();
  it.upstream.always(stream_of({chunk("one"), chunk(" two"), chunk("", "\"stop\""), usage_event, "[DONE]"}));
  const auto events_of = [&](const std::string& more) {
    it.caller->send(request_text("POST", "/v1/completions", with_key(it.key.at("key")),
                                 R"({"model":"gpt","prompt":"x","stream":true)" + more + "}"));
    CHECK(it.caller->read_head().header("Content-Type") == "text/event-stream");
    return it.read_events();
  };
  CHECK(events_of("") == std::vector<std::string>{chunk("one"), chunk(" two"), chunk("", "\"stop\""), "[DONE]"});
  CHECK(json::parse(it.upstream.wait_for_request().body).at("stream_options") == json{{"include_usage", true}});
  CHECK(events_of(R"(,"stream_options":{"include_usage":true})") ==
        std::vector<std::string>{chunk("one"), chunk(" two"), chunk("", "\"stop\""), usage_event, "[DONE]"});
  const auto records = it.gateway.wait_for_records(2);
  for (const auto& record : records) {
    CHECK(record.at("stream") == true);
    CHECK(record.at("prompt_tokens") == 30);
    CHECK(record.at("completion_tokens") == 20);
  }
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == 100);
}

TEST_CASE("the built-in model completes a prompt with itself, whole or as a stream", "[acceptance]") {
  stream_fixture it;
  it.open();
  const auto whole = post(it.gateway, it.key, R"({"model":"echo","prompt":"once upon a time","max_tokens":3})");
  CHECK(whole.status == 200);
  CHECK(whole.json().at("object") == "text_completion");
  CHECK(whole.json().at("id").get<std::string>().starts_with("cmpl-"));
  CHECK(whole.json().at("model") == "echo");
  CHECK(whole.json().at("choices") ==
        json::parse(R"([{"index":0,"text":"once upon a","logprobs":null,"finish_reason":"length"}])"));
  const auto record = it.gateway.wait_for_record(whole.header("X-Request-ID"));
  CHECK(record.at("completion_tokens") == whole.json().at("usage").at("completion_tokens"));

  it.caller->send(request_text("POST", "/v1/completions", with_key(it.key.at("key")),
                               R"({"model":"echo","prompt":["once upon"],"stream":true})"));
  CHECK(it.caller->read_head().status == 200);
  std::string text;
  const auto events = it.read_events();
  REQUIRE(events.size() == 2 + 1 + 1);
  CHECK(events.back() == "[DONE]");
  for (std::size_t i = 0; i + 1 < events.size(); ++i)
    text += json::parse(events[i]).at("choices")[0].at("text").get<std::string>();
  CHECK(text == "once upon");
}

TEST_CASE("a completion that cannot be is refused, and the field at fault is named", "[acceptance]") {
  stream_fixture it;
  it.open();
  const std::pair<std::string, std::string> wrong[] = {{R"({"model":"echo"})", "prompt"},
                                                       {R"({"model":"echo","prompt":7})", "prompt"},
                                                       {R"({"model":"echo","prompt":[1,2,3]})", "prompt"},
                                                       {R"({"model":"echo","prompt":"x","n":0})", "n"},
                                                       {R"({"model":"echo","prompt":"x","stream":1})", "stream"}};
  for (const auto& [body, param] : wrong) {
    INFO(body);
    const auto error = check_failure(post(it.gateway, it.key, body), 400, "PLATFORM_REQUEST_INVALID");
    CHECK(error.at("param") == param);
  }
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("used") == 0);
}

} // namespace
} // namespace gateway
