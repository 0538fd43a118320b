#include "domain/metrics/exposition.hpp"

#include <fmt/format.h>

#include <chrono>
#include <iterator>

namespace gateway {
namespace {

constexpr unsigned nano_digits = 9;

void append_escaped(std::string& to, std::string_view text, bool quotes_too) {
  for (const char c : text) {
    if (c == '\\')
      to += "\\\\";
    else if (c == '\n')
      to += "\\n";
    else if (c == '"' && quotes_too)
      to += "\\\"";
    else
      to += c;
  }
}

void append_label(std::string& to, std::string_view name, std::string_view value) {
  to += to.back() == '{' ? "" : ",";
  to.append(name).append("=\"");
  append_escaped(to, value, true);
  to += '"';
}

/// `value` / 10^`digits`, without needless zeros.
std::string decimal(std::uint64_t value, unsigned digits) {
  std::uint64_t unit = 1;
  for (unsigned i = 0; i < digits; ++i) unit *= 10;
  auto text = std::to_string(value / unit);
  if (value % unit == 0) return text;
  fmt::format_to(std::back_inserter(text), ".{:0{}}", value % unit, digits);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string seconds(std::chrono::nanoseconds time) {
  return decimal(static_cast<std::uint64_t>(time.count()), nano_digits);
}

} // namespace

void exposition::metric(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ");
  append_escaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void exposition::sample(labels of, const histogram& times) {
  for (std::size_t i = 0; i < histogram::bound_count; ++i)
    line("_bucket", of, seconds(histogram::bounds[i]), times.at_most(i), 0);
  line("_bucket", of, "+Inf", times.count(), 0);
  line("_sum", of, {}, static_cast<std::uint64_t>(times.sum().count()), nano_digits);
  line("_count", of, {}, times.count(), 0);
}

void exposition::line(std::string_view suffix, labels of, std::string_view bound, std::uint64_t value,
                      unsigned digits) {
  text_.append(name_).append(suffix);
  if (of.size() > 0 || !bound.empty()) {
    text_ += '{';
    for (const auto& [name, label] : of) append_label(text_, name, label);
    if (!bound.empty()) append_label(text_, "le", bound);
    text_ += '}';
  }
  text_.append(" ").append(decimal(value, digits)).append("\n");
}

} // namespace gateway
