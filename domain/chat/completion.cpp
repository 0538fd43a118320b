#include "domain/chat/completion.hpp"

#include "domain/chat/json_text.hpp"
#include "domain/chat/words.hpp"

#include <fmt/format.h>

#include <string_view>

namespace gateway {

namespace {

// Up to and with the choices' bracket.
std::string opening(const completion_frame& frame, std::string_view object) {
  return fmt::format(R"({{"id":{},"object":"{}","created":{},"model":{},"choices":[)", json_quoted(frame.id), object,
                     frame.created, json_quoted(frame.model));
}

std::string choice(std::string_view name, std::string_view value, std::string_view finish_reason) {
  return fmt::format(R"({{"index":0,"{}":{},"logprobs":null,"finish_reason":{}}})", name, value, finish_reason);
}

std::string usage_of(const echo_reply& reply) {
  return fmt::format(R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{}}})", reply.usage.prompt_tokens,
                     reply.usage.completion_tokens, reply.usage.total());
}

std::string_view finish_reason(const echo_reply& reply) { return reply.cut ? R"("length")" : R"("stop")"; }

} // namespace

std::string to_completion(const echo_reply& reply, const completion_frame& frame) {
  const auto message = fmt::format(R"({{"role":"assistant","content":{},"refusal":null}})", json_quoted(reply.text));
  return fmt::format(R"({}{}],"usage":{}}})", opening(frame, "chat.completion"),
                     choice("message", message, finish_reason(reply)), usage_of(reply));
}

std::vector<std::string> to_chunks(const echo_reply& reply, const completion_frame& frame, bool include_usage) {
  const auto start = opening(frame, "chat.completion.chunk");
  const std::string_view end = include_usage ? R"(],"usage":null})" : "]}";
  std::vector<std::string> chunks;
  const auto add = [&](std::string_view delta, std::string_view reason) {
    chunks.push_back(fmt::format("{}{}{}", start, choice("delta", delta, reason), end));
  };
  add(R"({"role":"assistant","content":""})", "null");
  const std::string_view text = reply.text;
  for (std::size_t from = 0; from < text.size();) {
    const auto end_of_piece = end_of_word(text, from);
    add(fmt::format(R"({{"content":{}}})", json_quoted(text.substr(from, end_of_piece - from))), "null");
    from = end_of_piece;
  }
  add("{}", finish_reason(reply));
  if (include_usage) chunks.push_back(fmt::format(R"({}],"usage":{}}})", start, usage_of(reply)));
  return chunks;
}

} // namespace gateway
