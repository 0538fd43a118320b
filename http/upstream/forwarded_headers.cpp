#include "http/upstream/forwarded_headers.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace gateway {
namespace {

constexpr std::array<std::string_view, 8> crossing{"accept",      "anthropic-beta", "anthropic-version",
                                                   "openai-beta", "openai-version", "traceparent",
                                                   "tracestate",  "user-agent"};

} // namespace

std::string forwarded_headers(const request& asked) {
  std::string lines;
  for (std::size_t i = 0; i < asked.fields().count(); ++i) {
    const auto line = asked.fields().line(i);
    const auto is_its_name = [line](std::string_view name) { return is_line_of(line, name); };
    if (std::any_of(crossing.begin(), crossing.end(), is_its_name)) lines += line;
  }
  return lines;
}

} // namespace gateway
