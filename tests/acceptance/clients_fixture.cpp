#include "tests/acceptance/clients_fixture.hpp"

#include "tests/acceptance/child_process.hpp"

#include <stdexcept>
#include <utility>

namespace gateway {
namespace {

using nlohmann::json;

child_process started(const gateway_fixture& gateway, const std::string& program, const json& key,
                      const std::string& scenario, const std::string& model) {
  return child_process({"node", CLIENTS_FOLDER "/" + program + ".mjs", scenario},
                       {{"GATEWAY_URL", "http://127.0.0.1:" + std::to_string(gateway.port()) + "/v1"},
                        {"GATEWAY_KEY", key.at("key")},
                        {"GATEWAY_MODEL", model},
                        {"LANGSMITH_TRACING", "false"}});
}

/// What the program says last, once it has ended well.
std::string seen(child_process& client) {
  const auto code = client.wait();
  const auto output = client.output();
  const std::string mark = "saw: ";
  const auto at = output.rfind(mark);
  if (code != 0 || at == std::string::npos) throw std::runtime_error("the client failed: " + output);
  return output.substr(at + mark.size(), output.find('\n', at) - at - mark.size());
}

/// As a piece of a message, or of a streamed one.
json tool_call(const std::string& arguments, bool first = true) {
  json call{{"index", 0}, {"function", {{"arguments", arguments}}}};
  if (first) {
    call["id"] = "call_1";
    call["type"] = "function";
    call["function"]["name"] = "weather";
  }
  return call;
}

script tool_call_answer() {
  auto whole = json::parse(completion(""));
  auto& choice = whole["choices"][0];
  choice["message"]["tool_calls"].push_back(tool_call(R"({"city":"Oslo"})"));
  choice["finish_reason"] = "tool_calls";
  return answer_with(200, whole.dump());
}

script streamed_tool_call() {
  const auto chunk = [](json delta, const json& call) {
    auto whole = json::parse(text_chunk(""));
    delta["tool_calls"].push_back(call);
    whole["choices"][0]["delta"] = std::move(delta);
    return whole.dump();
  };
  auto finish = json::parse(finish_chunk());
  finish["choices"][0]["finish_reason"] = "tool_calls";
  return stream_of({chunk({{"role", "assistant"}}, tool_call("")), chunk({}, tool_call(R"({"city":)", false)),
                    chunk({}, tool_call(R"("Oslo"})", false)), finish.dump(), usage_chunk(9, 5), "[DONE]"});
}

script text_stream(const std::string& first, const std::string& second) {
  return stream_of({text_chunk(first), text_chunk(second), finish_chunk(), usage_chunk(9, 5), "[DONE]"});
}

/// Two vectors, the way the request wants them.
void send_embeddings(upstream_talk& talk) {
  const bool packed = json::parse(talk.asked.body).value("encoding_format", "float") == "base64";
  auto answer = json{{"object", "list"}, {"model", "provider-model"}};
  answer["usage"] = {{"prompt_tokens", 2}, {"total_tokens", 2}};
  const auto add = [&](int index, const json& numbers, const char* bytes) {
    auto vector = json{{"object", "embedding"}, {"index", index}};
    vector["embedding"] = packed ? json(bytes) : numbers;
    answer["data"].push_back(vector);
  };
  add(0, json::array({0.5, -0.25}), "AAAAPwAAgL4=");
  add(1, json::array({2, 3}), "AAAAQAAAQEA=");
  answer_with(200, answer.dump())(talk);
}

} // namespace

clients_fixture::clients_fixture(std::string program) : program_(std::move(program)) {
  gateway.add_upstream(upstream.base_url());
  gateway.open();
  key = gateway.make_key();
}

std::string clients_fixture::play(const std::string& scenario, const std::string& model) {
  return play_as(key, scenario, model);
}

std::string clients_fixture::play_as(const json& who, const std::string& scenario, const std::string& model) {
  auto client = started(gateway, program_, who, scenario, model);
  return seen(client);
}

std::string clients_fixture::chats() {
  upstream.next(answer_with(200, completion("hi there")));
  return play("chat");
}

std::string clients_fixture::streams() {
  upstream.next(text_stream("hi", " there"));
  return play("stream");
}

std::string clients_fixture::calls_a_tool() {
  upstream.next(tool_call_answer());
  upstream.next(answer_with(200, completion("take a coat")));
  return play("tool");
}

std::string clients_fixture::calls_a_streamed_tool() {
  upstream.next(streamed_tool_call());
  // Some packages go on with a stream, others as they like.
  upstream.next([](upstream_talk& talk) {
    const bool streamed = json::parse(talk.asked.body).value("stream", false);
    (streamed ? text_stream("take", " a coat") : answer_with(200, completion("take a coat")))(talk);
  });
  return play("streamed_tool");
}

std::string clients_fixture::reads_a_cut_stream(const std::string& scenario) {
  upstream.next([](upstream_talk& talk) {
    talk.start_events();
    talk.send_event(text_chunk("one"));
    talk.send_event(text_chunk("two"));
    talk.close();
  });
  return play(scenario);
}

std::string clients_fixture::asks_a_busy_upstream() {
  upstream.next(answer_with(429, R"({"error":{"message":"slow down"}})", {{"Retry-After", "1"}}));
  return chats();
}

std::string clients_fixture::leaves_a_stream() {
  gate seen_to_end;
  upstream.next([](upstream_talk& talk) {
    talk.start_events();
    while (talk.send_event(text_chunk("on and on"))) continue;
    talk.close();
  });
  upstream.next([seen_to_end](upstream_talk& talk) {
    seen_to_end.pass();
    answer_with(200, completion("hi there"))(talk);
  });
  auto client = started(gateway, program_, key, "leave", "gpt");
  upstream.wait_for_ends(1);
  seen_to_end.open();
  return seen(client);
}

std::string clients_fixture::embeds(const std::string& scenario) {
  upstream.next(send_embeddings);
  return play(scenario);
}

json clients_fixture::asked(std::size_t number) const { return json::parse(upstream.requests().at(number).body); }

} // namespace gateway
