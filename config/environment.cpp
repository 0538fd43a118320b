#include "config/environment.hpp"

#include <cstdlib>

namespace gateway {

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

} // namespace gateway
