#include "http/upstream/forwarded_headers.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace gateway {
namespace {

constexpr std::array<std::string_view, 8> crossing{"accept",      "anthropic-beta", "anthropic-version",
                                                   "openai-beta", "openai-version", "traceparent",
                                                   "tracestate",  "user-agent"};

} // namespace

std::string forwarded_headers(const request& asked) {
  std::string lines;
  asked.fields().each([&lines](std::string_view line) {
    const auto is_its_name = [line](std::string_view name) { return is_line_of(line, name); };
    if (std::any_of(crossing.begin(), crossing.end(), is_its_name)) lines += line;
  });
  return lines;
}

} // namespace gateway
