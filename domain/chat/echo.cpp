#include "domain/chat/echo.hpp"

#include "domain/chat/request_scan.hpp"
#include "domain/chat/token_estimate.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace gateway {

namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view blanks = " \t\r\n";

bool has_text(const json& object, const char* field, std::string_view wanted) {
  const auto found = object.find(field);
  return found != object.end() && found->is_string() && found->get_ref<const std::string&>() == wanted;
}

std::string text_of(const json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  if (!content.is_array()) return text;
  for (const auto& part : content) {
    if (!part.is_object() || !has_text(part, "type", "text")) continue;
    const auto words = part.find("text");
    if (words == part.end() || !words->is_string()) continue;
    if (!text.empty()) text.push_back('\n');
    text += words->get_ref<const std::string&>();
  }
  return text;
}

std::string last_user_text(const json& messages) {
  const auto from_user = [](const json& message) { return message.is_object() && has_text(message, "role", "user"); };
  const auto last = std::find_if(messages.rbegin(), messages.rend(), from_user);
  if (last == messages.rend() || !last->contains("content")) return {};
  return text_of(last->at("content"));
}

// Where the next word ends, with the blanks in front of it; the text's end when there is none.
std::size_t end_of_word(std::string_view text, std::size_t from) {
  const auto word = text.find_first_not_of(blanks, from);
  if (word == std::string_view::npos) return text.size();
  return std::min(text.find_first_of(blanks, word), text.size());
}

bool only_blanks(std::string_view text) { return text.find_first_not_of(blanks) == std::string_view::npos; }

// Cuts the text behind so many words; whether that took any word away.
bool cut_to(std::string& text, std::uint64_t words) {
  std::size_t end = 0;
  for (; words > 0 && end < text.size(); --words) end = end_of_word(text, end);
  if (only_blanks(std::string_view(text).substr(end))) return false;
  text.resize(end);
  return true;
}

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json to_json(const token_usage& usage) {
  return {{"prompt_tokens", usage.prompt_tokens},
          {"completion_tokens", usage.completion_tokens},
          {"total_tokens", usage.total()}};
}

json framed(const completion_frame& frame, const char* object) {
  return {{"id", frame.id}, {"object", object}, {"created", frame.created}, {"model", frame.model}};
}

const char* finish_reason(const echo_reply& reply) { return reply.cut ? "length" : "stop"; }

} // namespace

result<echo_reply> echo(std::string request) {
  const auto scan = scan_request(request, surface::chat_completions);
  if (!scan) return tl::unexpected(scan.error());
  const auto body = json::parse(request, nullptr, false);
  if (body.is_discarded()) return fail(ec::request_invalid, "the request body is not valid JSON");
  const auto most = scan->max_output_tokens.value_or(std::numeric_limits<std::uint64_t>::max());
  echo_reply reply;
  reply.text = last_user_text(body.at("messages"));
  reply.cut = cut_to(reply.text, most);
  reply.usage = {scan->prompt_tokens, std::min(estimate_tokens(reply.text), most)};
  return reply;
}

std::string to_completion(const echo_reply& reply, const completion_frame& frame) {
  auto answer = framed(frame, "chat.completion");
  answer["choices"] = json::array({{{"index", 0},
                                    {"message", {{"role", "assistant"}, {"content", reply.text}, {"refusal", nullptr}}},
                                    {"logprobs", nullptr},
                                    {"finish_reason", finish_reason(reply)}}});
  answer["usage"] = to_json(reply.usage);
  return dump(answer);
}

std::vector<std::string> to_chunks(const echo_reply& reply, const completion_frame& frame, bool include_usage) {
  std::vector<std::string> chunks;
  auto chunk = framed(frame, "chat.completion.chunk");
  const auto add = [&](json delta, json reason) {
    chunk["choices"] = json::array(
        {{{"index", 0}, {"delta", std::move(delta)}, {"logprobs", nullptr}, {"finish_reason", std::move(reason)}}});
    if (include_usage) chunk["usage"] = nullptr;
    chunks.push_back(dump(chunk));
  };
  add({{"role", "assistant"}, {"content", ""}}, nullptr);
  for (std::size_t from = 0; from < reply.text.size();) {
    const auto end = end_of_word(reply.text, from);
    add({{"content", reply.text.substr(from, end - from)}}, nullptr);
    from = end;
  }
  add(json::object(), finish_reason(reply));
  if (include_usage) {
    chunk["choices"] = json::array();
    chunk["usage"] = to_json(reply.usage);
    chunks.push_back(dump(chunk));
  }
  return chunks;
}

} // namespace gateway
