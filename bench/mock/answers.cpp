#include "bench/mock/answers.hpp"

#include <fmt/format.h>

#include <string_view>

namespace gateway::bench {

namespace {

constexpr std::size_t completion_bytes = 700;

std::string make_completion() {
  constexpr std::string_view front =
      R"({"id":"chatcmpl-bench0000000000000000000000000","object":"chat.completion","created":1795478400,)"
      R"("model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":")";
  constexpr std::string_view back = R"(","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],)"
                                    R"("usage":{"prompt_tokens":42,"completion_tokens":58,"total_tokens":100,)"
                                    R"("prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},)"
                                    R"("completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}},)"
                                    R"("service_tier":"default","system_fingerprint":"fp_bench00000"})";
  constexpr std::string_view prose = "The quick brown fox jumps over the lazy dog, and back again. ";
  std::string content;
  while (front.size() + content.size() + back.size() < completion_bytes)
    content.push_back(prose[content.size() % prose.size()]);
  return fmt::format("{}{}{}", front, content, back);
}

std::string as_chunk(std::string_view bytes) { return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes); }

std::string event(std::string_view choices, std::string_view usage) {
  return fmt::format(R"(data: {{"id":"chatcmpl-bench0000000000000000000000000","object":"chat.completion.chunk",)"
                     R"("created":1795478400,"model":"gpt-4o-mini-2024-07-18","choices":[{}],"usage":{}}})"
                     "\n\n",
                     choices, usage);
}

} // namespace

answers::answers(std::size_t chunks, std::size_t token_bytes) {
  const auto body = make_completion();
  completion = fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nx-request-id: req_bench\r\n\r\n{}",
      body.size(), body);
  stream_head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nx-request-id: req_bench\r\n"
      "Transfer-Encoding: chunked\r\n\r\n" +
      as_chunk(event(R"({"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null})", "null"));
  const auto token = token_bytes == 0 ? std::string(" token") : std::string(token_bytes, 'a');
  stream_chunk =
      as_chunk(event(fmt::format(R"({{"index":0,"delta":{{"content":"{}"}},"finish_reason":null}})", token), "null"));
  stream_end =
      as_chunk(event(R"({"index":0,"delta":{},"finish_reason":"stop"})", "null") +
               event("", R"({"prompt_tokens":42,"completion_tokens":100,"total_tokens":142})") + "data: [DONE]\n\n") +
      "0\r\n\r\n";
  stream_whole = stream_head;
  for (std::size_t i = 0; i < chunks; ++i) stream_whole += stream_chunk;
  stream_whole += stream_end;
  refusal = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}

} // namespace gateway::bench
