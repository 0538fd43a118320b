#include "config/reading/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace gateway {

namespace {

constexpr std::size_t longest_word = 64;

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

bool same(char a, char b) { return lower(a) == lower(b); }

} // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> now(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1])) {
        now[j] = std::min(now[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

std::string suggest(std::string_view word, const std::vector<std::string_view>& known) {
  if (known.empty()) return "none is known here";
  if (word.size() <= longest_word) {
    const auto distance = [&](std::string_view one) { return edit_distance(word, one); };
    const auto best = *std::ranges::min_element(known, {}, distance);
    if (distance(best) <= std::max<std::size_t>(1, std::max(word.size(), best.size()) / 2)) {
      return fmt::format("did you mean \"{}\"?", best);
    }
  }
  return fmt::format("known are: {}", fmt::join(known, ", "));
}

} // namespace gateway
