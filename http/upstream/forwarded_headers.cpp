#include "http/upstream/forwarded_headers.hpp"

#include "http/wire/fields.hpp"

#include <boost/beast/core/string.hpp>

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
  for (const auto& field : asked.head().head) {
    const auto name = field.name_string();
    const bool crosses = std::any_of(crossing.begin(), crossing.end(), [&](std::string_view each) {
      return boost::beast::iequals(name, boost::beast::string_view(each.data(), each.size()));
    });
    if (!crosses) continue;
    lines.append(name.data(), name.size()).append(": ");
    lines.append(field.value().data(), field.value().size()).append("\r\n");
  }
  return lines;
}

} // namespace gateway
