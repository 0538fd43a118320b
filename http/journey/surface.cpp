#include "http/journey/surface.hpp"

#include "http/wire/json_body.hpp"
#include "http/wire/request_coding.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

/// In memory a value is many times as large as in its text.
constexpr std::size_t most_values = 100'000;

result<model_request> understood(exchange& talk, surface kind, std::string body) {
  model_request wanted;
  wanted.body = std::move(body);
  auto scan = scan_request(wanted.body, kind);
  if (!scan) return tl::unexpected(std::move(scan.error()));
  wanted.scan = std::move(*scan);
  wanted.model = wanted.scan.model.value_or(talk.house.settings.default_model);
  if (wanted.model.empty()) return fail(ec::request_invalid, "model is required", "model");
  talk.record.model = wanted.model;
  talk.record.stream = wanted.scan.stream;
  return wanted;
}

/// By now the caller is known, so that nobody without a key can make the gateway decode.
result<void> decode(exchange& talk) { return decode_body(talk.asked, talk.house.settings.limits.request_bytes); }

template <const model_surface& how>
result<model_request> read_as_it_is(exchange& talk) {
  if (auto decoded = decode(talk); !decoded) return tl::unexpected(std::move(decoded.error()));
  if (auto usable = check_json_body(talk.asked); !usable) return tl::unexpected(std::move(usable.error()));
  return understood(talk, how.kind, std::move(talk.asked.body));
}

result<std::string> pass_on(const exchange&, const model_request&, std::string answer) { return answer; }

result<model_request> read_plain_chat(exchange& talk) {
  if (auto decoded = decode(talk); !decoded) return tl::unexpected(std::move(decoded.error()));
  auto body = parse_json_object(talk.asked);
  if (!body) return tl::unexpected(std::move(body.error()));
  json_fields fields(std::move(*body));
  const auto message = fields.required<std::string>("message");
  const auto model = fields.optional<std::string>("model");
  const auto max_tokens = fields.optional<std::uint64_t>("max_tokens");
  if (auto why = fields.finish()) return tl::unexpected(std::move(*why));
  if (message->empty()) return fail(ec::request_invalid, "message must not be empty", "message");
  ordered_json chat{{"model", model.value_or(talk.house.settings.default_model)},
                    {"messages", {{{"role", "user"}, {"content", *message}}}}};
  if (max_tokens) chat["max_tokens"] = *max_tokens;
  auto wanted = understood(talk, plain_chat_surface.kind, chat.dump());
  if (wanted) wanted->spoken = *message;
  return wanted;
}

result<std::string> write_plain_chat(const exchange& talk, const model_request& wanted, std::string answer) {
  std::size_t values = 0;
  const auto fits = [&values](int, ordered_json::parse_event_t, const ordered_json&) {
    return ++values <= most_values;
  };
  const auto completion = ordered_json::parse(answer, fits, false);
  const auto content = ordered_json::json_pointer("/choices/0/message/content");
  if (values > most_values || completion.is_discarded() || !completion.contains(content))
    return fail(ec::upstream_unavailable, "the upstream's answer is not a chat completion");
  const auto& reply = completion[content];
  const auto& usage = talk.record.usage;
  return ordered_json{
      {"ok", true},
      {"tenant_id", talk.record.tenant_id},
      {"echo", wanted.spoken},
      {"reply", reply.is_string() ? reply : ordered_json("")},
      {"model", wanted.model},
      {"usage",
       {{"prompt_tokens", usage.prompt_tokens},
        {"completion_tokens", usage.completion_tokens},
        {"total_tokens", usage.total()}}},
      {"request_id", talk.record.request_id},
  }
      .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace

const model_surface chat_completions_surface{"/chat/completions", surface::chat_completions,
                                             read_as_it_is<chat_completions_surface>, pass_on};
const model_surface completions_surface{"/completions", surface::completions, read_as_it_is<completions_surface>,
                                        pass_on};
const model_surface embeddings_surface{"/embeddings", surface::embeddings, read_as_it_is<embeddings_surface>, pass_on};
const model_surface plain_chat_surface{"/chat/completions", surface::chat_completions, read_plain_chat,
                                       write_plain_chat};

} // namespace gateway
