#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway {

/// Of longer texts the rest is sampled.
inline constexpr std::size_t most_read_whole = 2048;

/// Adds up about how many tokens texts are in OpenAI's o200k_base: within a quarter for prose, code and data in most
/// languages. One pass over the first 2 KiB; of what comes after them a thirty-second is looked at, spread evenly.
class token_meter {
 public:
  /// Tokens whose number is known.
  void add(std::uint64_t tokens) { tokens_ += tokens; }

  /// UTF-8.
  void add_text(std::string_view text);

  /// A text as it stands between the quotes of a JSON string. Characters written as `\uXXXX` count as what they mean,
  /// since many clients write everything beyond ASCII so.
  void add_json_text(std::string_view escaped);

  std::uint64_t tokens() const { return tokens_; }

 private:
  std::uint64_t tokens_ = 0;
  std::size_t read_whole_ = most_read_whole;
};

/// Hundredths of a token that such a text adds: for texts that come in pieces, where each piece rounded up would be too
/// much.
std::uint64_t weigh_json_text(std::string_view escaped);

/// A meter for a single text.
inline std::uint64_t estimate_tokens(std::string_view text) {
  token_meter meter;
  meter.add_text(text);
  return meter.tokens();
}

} // namespace gateway
