#include "config/reading/complaint.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gateway {

namespace {

// A key may hold anything that JSON can write, and this goes to a terminal.
std::string harmless(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += letter;
    }
  }
  return out;
}

} // namespace

std::string to_string(const complaint& one) {
  return harmless(one.pointer.empty() ? fmt::format("{}: {}", one.file, one.message)
                                      : fmt::format("{}: {}: {}", one.file, one.pointer, one.message));
}

std::string to_string(const std::vector<complaint>& all) {
  std::string out;
  for (const auto& one : all) out += to_string(one) + '\n';
  return out;
}

std::string below(std::string_view pointer, std::string_view key) {
  std::string out(pointer);
  out += '/';
  for (const char letter : key) {
    if (letter == '~') {
      out += "~0";
    } else if (letter == '/') {
      out += "~1";
    } else {
      out += letter;
    }
  }
  return out;
}

std::string below(std::string_view pointer, std::size_t index) { return fmt::format("{}/{}", pointer, index); }

void complaints::add(std::string pointer, std::string message) {
  all_.push_back({file_, std::move(pointer), std::move(message)});
}

void complaints::add_news(std::string pointer, std::string message) {
  if (!about(pointer)) add(std::move(pointer), std::move(message));
}

void complaints::add_for_environment(std::string message) { all_.push_back({"environment", {}, std::move(message)}); }

bool complaints::about(std::string_view pointer) const {
  return std::any_of(all_.begin(), all_.end(), [&](const complaint& one) {
    return !one.pointer.empty() && pointer.starts_with(one.pointer) &&
           (pointer.size() == one.pointer.size() || pointer[one.pointer.size()] == '/');
  });
}

} // namespace gateway
