#include "domain/chat/completion.hpp"

#include "domain/chat/json_text.hpp"
#include "domain/chat/words.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

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

// A word each, with the blanks in front of it.
template <class Visitor>
void each_word(std::string_view text, Visitor visit) {
  for (std::size_t from = 0; from < text.size();) {
    const auto end = end_of_word(text, from);
    visit(text.substr(from, end - from));
    from = end;
  }
}

// The events of one stream. `name` is what a choice calls its piece.
class chunk_writer {
 public:
  chunk_writer(std::string start, std::string_view name, bool include_usage)
      : start_(std::move(start)), name_(name), include_usage_(include_usage) {}

  void add(std::string_view piece, std::string_view reason = "null") {
    const std::string_view end = include_usage_ ? R"(],"usage":null})" : "]}";
    chunks_.push_back(fmt::format("{}{}{}", start_, choice(name_, piece, reason), end));
  }

  std::vector<std::string> finish(std::string_view last, const echo_reply& reply) && {
    add(last, finish_reason(reply));
    if (include_usage_) chunks_.push_back(fmt::format(R"({}],"usage":{}}})", start_, usage_of(reply)));
    return std::move(chunks_);
  }

 private:
  std::string start_;
  std::string_view name_;
  bool include_usage_;
  std::vector<std::string> chunks_;
};

} // namespace

std::string to_completion(const echo_reply& reply, const completion_frame& frame) {
  const auto message = fmt::format(R"({{"role":"assistant","content":{},"refusal":null}})", json_quoted(reply.text));
  return fmt::format(R"({}{}],"usage":{}}})", opening(frame, "chat.completion"),
                     choice("message", message, finish_reason(reply)), usage_of(reply));
}

std::vector<std::string> to_chunks(const echo_reply& reply, const completion_frame& frame, bool include_usage) {
  chunk_writer chunks(opening(frame, "chat.completion.chunk"), "delta", include_usage);
  chunks.add(R"({"role":"assistant","content":""})");
  each_word(reply.text,
            [&](std::string_view word) { chunks.add(fmt::format(R"({{"content":{}}})", json_quoted(word))); });
  return std::move(chunks).finish("{}", reply);
}

std::string to_text_completion(const echo_reply& reply, const completion_frame& frame) {
  return fmt::format(R"({}{}],"usage":{}}})", opening(frame, "text_completion"),
                     choice("text", json_quoted(reply.text), finish_reason(reply)), usage_of(reply));
}

std::vector<std::string> to_text_chunks(const echo_reply& reply, const completion_frame& frame, bool include_usage) {
  chunk_writer chunks(opening(frame, "text_completion"), "text", include_usage);
  each_word(reply.text, [&](std::string_view word) { chunks.add(json_quoted(word)); });
  return std::move(chunks).finish(R"("")", reply);
}

} // namespace gateway
