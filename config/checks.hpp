#pragma once

#include "config/config.hpp"

namespace gateway {

class complaints;

/// What no single key can tell: that names resolve, that values go together, that nothing is open by mistake.
/// A place that was complained of already is left alone.
void check(const config& what, complaints& said);

} // namespace gateway
