#pragma once

#include "config/config.hpp"
#include "config/environment.hpp"
#include "config/reading/complaint.hpp"

#include <tl/expected.hpp>

#include <filesystem>
#include <string_view>
#include <vector>

namespace gateway {

/// A config that can be run, or everything that is wrong with it.
using loaded_config = tl::expected<config, std::vector<complaint>>;

/// Reads the file, puts in what `${...}` stands for, lets the legacy variables win, and checks it all. Never throws.
loaded_config load_config(const std::filesystem::path& file, const environment& variables);

/// The same for a text that was read from `file`.
loaded_config parse_config(std::string_view text, const std::filesystem::path& file, const environment& variables);

} // namespace gateway
