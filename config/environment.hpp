#pragma once

#include <functional>
#include <optional>
#include <string>

namespace gateway {

/// Looks up an environment variable; nothing when it is not set.
using environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The environment of this process.
environment process_environment();

} // namespace gateway
