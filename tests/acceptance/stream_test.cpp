#include "tests/acceptance/stream_fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using nlohmann::json;

TEST_CASE("an event reaches the caller while the upstream still works on the next one", "[acceptance]") {
  stream_fixture it;
  it.open();
  gate second;
  gate last;
  it.upstream.next([=](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(text_chunk("one"));
    second.pass();
    talk.send_event(text_chunk("two"));
    last.pass();
    talk.send_event(finish_chunk());
    talk.send_event(usage_chunk(3, 2));
    talk.send_event("[DONE]");
    talk.finish_events();
  });
  const auto head = it.ask();
  CHECK(head.status == 200);
  CHECK(head.header("Content-Type") == "text/event-stream");
  CHECK(head.header("Cache-Control") == "no-cache");
  CHECK(head.header("x-gateway-upstream") == "provider");
  CHECK(head.header("x-ratelimit-limit-requests") == "1000");
  CHECK(head.header("X-Request-ID").size() == 32);
  CHECK(it.caller->read_event() == "data: " + text_chunk("one"));
  second.open();
  CHECK(it.caller->read_event() == "data: " + text_chunk("two"));
  last.open();
  CHECK(it.read_events() == std::vector<std::string>{finish_chunk(), "[DONE]"});
  CHECK(it.caller->body_is_whole());
}

TEST_CASE("the status of a stream waits for its first event", "[acceptance]") {
  stream_fixture it;
  it.open();
  it.upstream.next([](upstream_talk& talk) {
    talk.start_events();
    talk.send(": a comment is no event\n\n");
    talk.reset();
  });
  CHECK(it.ask().status == 502);
}

TEST_CASE("the connection takes another request after a stream", "[acceptance]") {
  stream_fixture it;
  it.open();
  it.upstream.always(stream_of({text_chunk("one"), finish_chunk(), usage_chunk(3, 2), "[DONE]"}));
  for (int i = 0; i < 3; ++i) {
    CHECK(it.ask().status == 200);
    CHECK(it.read_events().size() == 3);
    CHECK(it.caller->body_is_whole());
  }
  CHECK(it.upstream.connections() == 1);
}

TEST_CASE("the usage of a stream is always asked for, and shown to who asked for it", "[acceptance]") {
  stream_fixture it;
  it.open();
  it.upstream.always(stream_of({text_chunk("one"), finish_chunk(), usage_chunk(30, 20), "[DONE]"}));
  const std::string start = R"({"model":"gpt","messages":[{"role":"user","content":"hi"}],"stream":true)";

  it.ask(start + R"(,"stream_options":{"include_usage":true, "other":1.0}})");
  CHECK(it.read_events() == std::vector<std::string>{text_chunk("one"), finish_chunk(), usage_chunk(30, 20), "[DONE]"});
  CHECK(json::parse(it.upstream.requests().back().body).at("stream_options") ==
        json{{"include_usage", true}, {"other", 1.0}});

  for (const auto* options :
       {"", R"(,"stream_options":{})", R"(,"stream_options":{"include_usage":false})", R"(,"stream_options":null)"}) {
    INFO(options);
    it.ask(start + options + "}");
    CHECK(it.read_events() == std::vector<std::string>{text_chunk("one"), finish_chunk(), "[DONE]"});
    const auto sent = json::parse(it.upstream.requests().back().body);
    CHECK(sent.at("stream_options").at("include_usage") == true);
    CHECK(sent.at("model") == "provider-model");
    CHECK(sent.at("stream") == true);
  }
}

TEST_CASE("a stream is settled with the upstream's usage, and its record says so", "[acceptance]") {
  stream_fixture it;
  it.open();
  it.upstream.next(stream_of({text_chunk("one"), finish_chunk(), usage_chunk(30, 20), "[DONE]"}));
  const auto id = it.ask().header("X-Request-ID");
  it.read_events();
  const auto usage = it.gateway.usage(it.key);
  CHECK(usage.at("daily_tokens").at("used") == 50);
  CHECK(usage.at("daily_tokens").at("held") == 0);
  CHECK(usage.at("daily_requests").at("used") == 1);
  const auto record = it.gateway.wait_for_record(id);
  CHECK(record.at("stream") == true);
  CHECK(record.at("status") == 200);
  CHECK(record.at("error_code").is_null());
  CHECK(record.at("prompt_tokens") == 30);
  CHECK(record.at("completion_tokens") == 20);
  CHECK(record.at("usage_source") == "provider");
  CHECK(record.at("ttft_ms").is_number());
  CHECK(record.at("ttft_ms") <= record.at("latency_ms"));
  CHECK(record.at("model") == "gpt");
  CHECK(record.at("upstream") == "provider");
  CHECK(record.at("upstream_model") == "provider-model");
  CHECK(record.at("attempts") == 1);
}

TEST_CASE("a stream without usage is counted by estimate", "[acceptance]") {
  stream_fixture it;
  it.open();
  it.upstream.next(stream_of({text_chunk("one"), text_chunk("two"), finish_chunk(), "[DONE]"}));
  const auto id = it.ask().header("X-Request-ID");
  CHECK(it.read_events().back() == "[DONE]");
  const auto record = it.gateway.wait_for_record(id);
  CHECK(record.at("usage_source") == "estimated");
  CHECK(record.at("completion_tokens") > 0);
  CHECK(it.gateway.usage(it.key).at("daily_tokens").at("used") == record.at("total_tokens"));
}

TEST_CASE("events are relayed however the upstream's bytes are cut", "[acceptance]") {
  stream_fixture it;
  it.open();
  it.upstream.next([](upstream_talk& talk) {
    const auto frames = "event: x\nid: 7\nretry: 9\ndata: " + text_chunk("\xf0\x9f\x98\x80") +
                        "\r\n\r\n: comment\n\ndata:" + finish_chunk() + "\n\ndata: [DONE]\n\n";
    talk.start_events();
    for (const char c : frames) talk.send("1\r\n" + std::string(1, c) + "\r\n");
    talk.finish_events();
  });
  CHECK(it.ask().status == 200);
  CHECK(it.caller->read_event() == "data: " + text_chunk("\xf0\x9f\x98\x80"));
  CHECK(it.read_events() == std::vector<std::string>{finish_chunk(), "[DONE]"});
}

TEST_CASE("a caller of HTTP/1.0 gets the stream without chunks, and its end with the connection", "[acceptance]") {
  stream_fixture it;
  it.open();
  it.upstream.next(stream_of({text_chunk("one"), finish_chunk(), usage_chunk(3, 2), "[DONE]"}));
  auto text = request_text("POST", "/v1/chat/completions", with_key(it.key.at("key")), chat_body("gpt", true));
  text.replace(text.find("HTTP/1.1"), 8, "HTTP/1.0");
  it.caller->send(text);
  const auto head = it.caller->read_head();
  CHECK(head.status == 200);
  CHECK_FALSE(head.has("Transfer-Encoding"));
  CHECK(head.header("Connection") == "close");
  CHECK(it.read_events() == std::vector<std::string>{text_chunk("one"), finish_chunk(), "[DONE]"});
  CHECK(it.caller->is_closed());
}

TEST_CASE("the built-in echo streams too", "[acceptance]") {
  stream_fixture it;
  it.open();
  CHECK(it.ask(chat_body("echo", true)).status == 200);
  std::string said;
  const auto events = it.read_events();
  REQUIRE(events.size() > 2);
  CHECK(events.back() == "[DONE]");
  for (const auto& event : events) {
    if (event == "[DONE]") continue;
    const auto chunk = json::parse(event);
    CHECK(chunk.at("object") == "chat.completion.chunk");
    const auto& delta = chunk.at("choices").at(0).at("delta");
    if (delta.contains("content")) said += delta.at("content").get<std::string>();
  }
  CHECK(said == "hi");
  CHECK(it.gateway.usage(it.key).at("daily_requests").at("used") == 1);
}

} // namespace
} // namespace gateway
