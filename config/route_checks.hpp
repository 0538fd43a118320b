#pragma once

#include "config/config.hpp"

namespace gateway {

class complaints;

/// That models have names, that targets, fallbacks and the default model resolve, and that fallbacks end.
void check_models(const config& what, complaints& said);

} // namespace gateway
