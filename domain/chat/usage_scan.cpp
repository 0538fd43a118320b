#include "domain/chat/usage_scan.hpp"

#include "domain/chat/json_walk.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace gateway {

namespace {

using namespace simdjson;

void raise(std::uint64_t& known, ondemand::value json) { known = std::max(known, count_of(json).value_or(0)); }

bool raise_by_field(std::uint64_t& known, ondemand::value json, std::string_view wanted) {
  return each_field(json, [&](std::string_view key, ondemand::value field) {
    if (key == wanted) raise(known, field);
    return true;
  });
}

} // namespace

bool read_usage(ondemand::value json, std::optional<token_usage>& usage) {
  std::optional<std::uint64_t> prompt;
  std::optional<std::uint64_t> completion = 0; // Embeddings have none.
  std::uint64_t total = 0;
  std::uint64_t cached = 0;
  std::uint64_t reasoning = 0;
  const bool whole = each_field(json, [&](std::string_view key, ondemand::value field) {
    if (key == "prompt_tokens") prompt = count_of(field);
    if (key == "completion_tokens" && !is_null(field)) completion = count_of(field);
    if (key == "total_tokens") raise(total, field);
    if (key == "cached_tokens" || key == "prompt_cache_hit_tokens") raise(cached, field);
    if (key == "reasoning_tokens") raise(reasoning, field);
    if (key == "prompt_tokens_details") return raise_by_field(cached, field, "cached_tokens");
    if (key == "completion_tokens_details") return raise_by_field(reasoning, field, "reasoning_tokens");
    return true;
  });
  if (!whole || !prompt || !completion) return whole;
  token_usage counts{.prompt_tokens = *prompt, .completion_tokens = *completion};
  std::uint64_t both = 0;
  if (!__builtin_add_overflow(counts.prompt_tokens, counts.completion_tokens, &both) && total > both) {
    counts.completion_tokens += total - both;
    reasoning = std::max(reasoning, total - both);
  }
  counts.cached_tokens = std::min(cached, counts.prompt_tokens);
  counts.reasoning_tokens = std::min(reasoning, counts.completion_tokens);
  usage = counts;
  return true;
}

} // namespace gateway
