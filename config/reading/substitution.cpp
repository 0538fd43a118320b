#include "config/reading/substitution.hpp"

#include "config/reading/complaint.hpp"
#include "config/reading/text_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace gateway {

namespace {

using expansion = tl::expected<std::string, std::string>;

constexpr std::size_t largest_file = 1 << 20;

bool is_variable_name(std::string_view name) {
  const auto fits = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::all_of(name.begin(), name.end(), fits);
}

expansion content_of(std::string_view path, const substitution_sources& from) {
  if (path.empty()) return tl::make_unexpected(std::string("${file:} needs a path"));
  auto text = read_text_file(from.directory / path, largest_file);
  if (!text) return tl::make_unexpected(fmt::format("the file {} {}", path, text.error()));
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  return text;
}

expansion value_of(std::string_view inner, const substitution_sources& from) {
  if (inner.starts_with("file:")) return content_of(inner.substr(5), from);
  const auto mark = inner.find(":-");
  const std::string name(inner.substr(0, mark));
  if (!is_variable_name(name)) {
    return tl::make_unexpected(std::string(
        "has a malformed ${...}: write ${NAME}, ${NAME:-default} or ${file:PATH}, and $${ for a literal ${"));
  }
  auto value = from.variables(name);
  if (mark == inner.npos) {
    if (!value) return tl::make_unexpected(fmt::format("the environment variable {} is not set", name));
    return *std::move(value);
  }
  const auto fallback = inner.substr(mark + 2);
  if (fallback.find("${") != fallback.npos) {
    return tl::make_unexpected(fmt::format("the default of {} may not hold another ${{...}}", name));
  }
  return value && !value->empty() ? *std::move(value) : std::string(fallback);
}

} // namespace

expansion substitute(std::string_view text, const substitution_sources& from) {
  std::string out;
  for (;;) {
    const auto start = text.find("${");
    out += text.substr(0, start);
    if (start == text.npos) return out;
    const bool escaped = start > 0 && text[start - 1] == '$';
    text.remove_prefix(start + 2);
    if (escaped) {
      out += '{';
      continue;
    }
    const auto end = text.find('}');
    if (end == text.npos) return tl::make_unexpected(std::string("has a ${ without its }"));
    auto value = value_of(text.substr(0, end), from);
    if (!value) return value;
    out += *value;
    text.remove_prefix(end + 1);
  }
}

namespace {

void substitute_below(nlohmann::json& value, const std::string& pointer, const substitution_sources& from,
                      complaints& said) {
  if (value.is_object()) {
    for (auto& [key, member] : value.items()) substitute_below(member, below(pointer, key), from, said);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) substitute_below(value[i], below(pointer, i), from, said);
  } else if (value.is_string()) {
    auto made = substitute(value.get_ref<const std::string&>(), from);
    if (made) {
      value = *std::move(made);
    } else {
      said.add(pointer, made.error());
      value = nlohmann::json(nlohmann::json::value_t::discarded);
    }
  }
}

} // namespace

void substitute(nlohmann::json& tree, const substitution_sources& from, complaints& said) {
  substitute_below(tree, {}, from, said);
}

} // namespace gateway
