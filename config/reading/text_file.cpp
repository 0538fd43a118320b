#include "config/reading/text_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace gateway {

tl::expected<std::string, std::string> read_text_file(const std::filesystem::path& path, std::size_t most) {
  const auto system_says = [](int number) {
    return tl::make_unexpected("cannot be read: " + std::generic_category().message(number));
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) return system_says(errno);

  std::string text;
  char part[4096];
  while (const std::size_t got = std::fread(part, 1, sizeof part, file.get())) {
    text.append(part, got);
    if (text.size() > most) return tl::make_unexpected(fmt::format("is larger than {} bytes", most));
  }
  if (std::ferror(file.get()) != 0) return system_says(errno);
  return text;
}

} // namespace gateway
