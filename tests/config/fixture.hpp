#pragma once

#include "config/load.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::testing {

/// An environment of exactly these variables.
inline environment variables(std::map<std::string, std::string> known = {}) {
  return [known = std::move(known)](const std::string& name) -> std::optional<std::string> {
    const auto found = known.find(name);
    if (found == known.end()) return std::nullopt;
    return found->second;
  };
}

inline loaded_config load(std::string_view text, std::map<std::string, std::string> known = {}) {
  return parse_config(text, "gateway.json", variables(std::move(known)));
}

/// The complaints as the operator reads them, sorted, without the file's name.
inline std::vector<std::string> complaints_of(std::string_view text, std::map<std::string, std::string> known = {}) {
  std::vector<std::string> lines;
  const auto loaded = load(text, std::move(known));
  if (loaded) return lines;
  for (const auto& one : loaded.error()) {
    const auto line = to_string(one);
    lines.push_back(line.starts_with("gateway.json: ") ? line.substr(14) : line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

using lines = std::vector<std::string>;

/// A directory of its own, gone with the object.
class scratch_directory {
 public:
  scratch_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "gateway-config-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch directory");
    path_ = name;
  }
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

} // namespace gateway::testing
