#include "domain/chat/echo_reply.hpp"

#include "domain/chat/token_estimate.hpp"
#include "domain/chat/words.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace gateway {

namespace {

/// As models do: what each word becomes in a stream is far larger than the word.
constexpr std::uint64_t longest_reply = 65'536;

// Cuts the text behind so many words; whether that took any word away.
bool cut_to(std::string& text, std::uint64_t words) {
  std::size_t end = 0;
  for (; words > 0 && end < text.size(); --words) end = end_of_word(text, end);
  if (is_blank(std::string_view(text).substr(end))) return false;
  text.resize(end);
  return true;
}

} // namespace

echo_reply reply_with(std::string text, const request_scan& asked) {
  const auto most = asked.max_output_tokens.value_or(std::numeric_limits<std::uint64_t>::max());
  echo_reply reply;
  reply.text = std::move(text);
  reply.cut = cut_to(reply.text, std::min(most, longest_reply));
  reply.usage = {asked.prompt_tokens, std::min(estimate_tokens(reply.text), most)};
  return reply;
}

} // namespace gateway
