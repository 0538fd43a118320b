#include "http/router.hpp"

#include "http/wire/request.hpp"

#include <optional>

namespace gateway {
namespace {

std::string_view take_segment(std::string_view& path) {
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size() < path.size() ? segment.size() + 1 : path.size());
  return segment;
}

/// What the pattern's `{}` stands for in this path; nothing when it does not match.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  if (pattern.find('{') == std::string_view::npos)
    return pattern == path ? std::optional<std::string>("") : std::nullopt;
  std::string parameter;
  if (path.empty() || path.front() != '/') return std::nullopt;
  const bool same_depth = pattern.ends_with("{*}") || (pattern.back() == '/') == (path.back() == '/');
  if (!same_depth) return std::nullopt;
  pattern.remove_prefix(1);
  path.remove_prefix(1);
  while (!pattern.empty()) {
    const auto expected = take_segment(pattern);
    if (expected == "{*}") return path.empty() ? std::nullopt : std::optional(percent_decoded(path));
    const auto given = take_segment(path);
    if (expected == "{}") {
      if (given.empty()) return std::nullopt;
      parameter = percent_decoded(given);
    } else if (given != expected) {
      return std::nullopt;
    }
  }
  return path.empty() ? std::optional(std::move(parameter)) : std::nullopt;
}

} // namespace

result<routed> find_endpoint(std::span<const endpoint> table, std::string_view method, std::string_view path) {
  if (method == "HEAD") method = "GET";
  std::string allowed;
  for (const auto& candidate : table) {
    auto parameter = match(candidate.pattern, path);
    if (!parameter) continue;
    if (candidate.method == method) return routed{&candidate, std::move(*parameter)};
    if (!allowed.empty()) allowed += ", ";
    allowed += candidate.method;
    if (candidate.method == "GET") allowed += ", HEAD";
  }
  if (allowed.empty())
    return fail(ec::not_found, "there is no such path; see the list of endpoints in the documentation");
  auto refused = fail(ec::method_not_allowed, "this path takes " + allowed);
  refused.value().details.emplace_back("allow", allowed);
  return refused;
}

} // namespace gateway
