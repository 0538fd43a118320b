#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

namespace gateway {

/// The whole file, or why it cannot be had: not there, not readable, larger than `most` bytes.
tl::expected<std::string, std::string> read_text_file(const std::filesystem::path& path, std::size_t most);

} // namespace gateway
