// The input: the data of an event, which is the body of an answer as well.
#include "domain/chat/answer_scan.hpp"
#include "domain/chat/context_length.hpp"
#include "tests/fuzz/require.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace gateway;
using nlohmann::json;

namespace {

// The object, when the text is one whose keys are all different: what a key means that is there twice is nobody's word.
std::optional<json> object_of(std::string_view text) {
  // Only nlohmann's parser skips a byte order mark, and ends at a NUL.
  if (text.starts_with('\xef') || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::vector<std::set<std::string>> open;
  bool unique = true;
  const auto watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key) unique = open.back().insert(parsed.get<std::string>()).second && unique;
    return true;
  };
  auto parsed = json::parse(text, watch, false);
  if (!unique || !parsed.is_object()) return std::nullopt;
  return parsed;
}

const json& field_of(const json& object, const char* name) {
  static const json none;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() ? none : *found;
}

std::optional<token_usage> usage_of(const json& object) {
  const auto& usage = field_of(object, "usage");
  const auto& prompt = field_of(usage, "prompt_tokens");
  const auto& completion = field_of(usage, "completion_tokens");
  if (!prompt.is_number_unsigned() || !(completion.is_null() || completion.is_number_unsigned())) return std::nullopt;
  token_usage counts{prompt.get<std::uint64_t>(), completion.is_null() ? 0 : completion.get<std::uint64_t>()};
  const auto count = [](const json& number) { return number.is_number_unsigned() ? number.get<std::uint64_t>() : 0; };
  const auto total = count(field_of(usage, "total_tokens"));
  const auto both = counts.total();
  const auto hidden = both >= counts.prompt_tokens && total > both ? total - both : 0;
  counts.completion_tokens += hidden;
  counts.cached_tokens =
      std::max({count(field_of(usage, "cached_tokens")), count(field_of(usage, "prompt_cache_hit_tokens")),
                count(field_of(field_of(usage, "prompt_tokens_details"), "cached_tokens"))});
  counts.cached_tokens = std::min(counts.cached_tokens, counts.prompt_tokens);
  counts.reasoning_tokens =
      std::max({hidden, count(field_of(usage, "reasoning_tokens")),
                count(field_of(field_of(usage, "completion_tokens_details"), "reasoning_tokens"))});
  counts.reasoning_tokens = std::min(counts.reasoning_tokens, counts.completion_tokens);
  return counts;
}

void check_choices(const json& object, const event_scan& event) {
  const auto& choices = field_of(object, "choices");
  require(event.has_choices_field == object.contains("choices"), "choices are seen");
  std::uint64_t speaks = 0;
  std::uint64_t finishes = 0;
  for (std::size_t i = 0; choices.is_array() && i < choices.size(); ++i) {
    const auto& index = field_of(choices[i], "index");
    const auto place = index.is_number_unsigned() ? std::min<std::uint64_t>(index.get<std::uint64_t>(), 63) : 0;
    speaks |= std::uint64_t{1} << place;
    if (field_of(choices[i], "finish_reason").is_string()) finishes |= std::uint64_t{1} << place;
  }
  require(event.speaks == speaks, "the choices of the event are known");
  require(event.finishes == finishes, "the finished choices are known");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto event = scan_event(text);
  const auto answer = scan_answer(text);
  const auto error = error_of(text);
  if (error) is_context_length_error(*error);

  require(event.finished == (event.finishes != 0), "finished means that a choice finishes");
  require(event.has_choices == (event.speaks != 0), "to have choices means that one speaks");
  require((event.finishes & ~event.speaks) == 0, "only who speaks finishes");
  require(!(event.done && event.is_object), "the end is no object");
  require(event.content == 0 || event.has_choices, "only a choice says something");
  require(event.is_object || !(event.speaks || event.usage || event.has_error || event.has_choices_field),
          "what is no object tells nothing");
  require(answer.is_object || !answer.usage, "what is no answer has no usage");

  if (const auto object = object_of(text)) {
    require(event.is_object && answer.is_object, "a JSON object is seen as one");
    require(event.usage == usage_of(*object) && answer.usage == usage_of(*object), "the usage is the provider's");
    require(event.has_error == !field_of(*object, "error").is_null(), "an error is seen");
    require(event.has_error == error.has_value(), "an error that is seen can be read");
    check_choices(*object, event);
  }
  return 0;
}
