#pragma once

#include "config/config.hpp"

namespace gateway {

class complaints;

/// That models and aliases have names of their own, that targets, fallbacks (those for long prompts too) and the
/// default model resolve, and that fallbacks end.
void check_models(const config& what, complaints& said);

} // namespace gateway
