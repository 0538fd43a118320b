// The input: a request body.
#include "domain/chat/request_edit.hpp"
#include "tests/fuzz/require.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

using namespace gateway;

namespace {

constexpr std::string_view wanted = "upstream/\"model\"\\1";

std::set<std::string> keys_of(const nlohmann::json& object) {
  std::set<std::string> keys;
  for (const auto& item : object.items()) keys.insert(item.key());
  return keys;
}

// simdjson leaves what nobody asks for unread: only a body that is JSON must stay JSON.
void check_json(const std::string& before, const std::string& after, const request_scan& scan) {
  const auto sent = nlohmann::json::parse(before, nullptr, false);
  if (sent.is_discarded()) return;
  const auto edited = nlohmann::json::parse(after, nullptr, false);
  require(edited.is_object(), "an edited body is JSON");
  require(edited.at("model") == wanted, "an edited body asks for the wanted model");
  if (scan.stream) require(edited.at("stream_options").at("include_usage") == true, "a stream reports its usage");
  auto keys = keys_of(sent);
  keys.insert("model");
  if (scan.stream) keys.insert("stream_options");
  require(keys_of(edited) == keys, "an edit adds no other field and drops none");
  if (scan.model) require(sent.at("model") == *scan.model, "the model is the one that the body names");
}

void check(const std::string& text, surface kind) {
  std::string body = text;
  const auto scan = scan_request(body, kind);
  require(body == text, "scanning changes nothing");
  if (!scan) {
    require(scan.error().code == ec::request_invalid && !scan.error().message.empty(), "a refusal says why");
    return;
  }
  tokens_to_hold(*scan, 1000);
  auto edited = edited_body(body, *scan, wanted).text();
  check_json(text, edited, *scan);
  const auto again = scan_request(edited, kind);
  require(again.has_value(), "an edited body can be scanned");
  require(again->model == wanted, "an edited body names the wanted model");
  require(again->stream == scan->stream, "an edited body streams as before");
  require(!again->usage_request, "an edited body needs no edit for its usage");
  require(again->max_output_tokens == scan->max_output_tokens && again->choices == scan->choices &&
              again->prompt_tokens == scan->prompt_tokens,
          "an edited body costs as before");
  require(edited_body(edited, *again, wanted).text() == edited, "an edit is done once");
  require(scan->usage_request || edited_body(body, *scan, {}).text() == text, "without a need there is no edit");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  for (const auto kind : {surface::chat_completions, surface::completions, surface::embeddings}) check(text, kind);
  return 0;
}
