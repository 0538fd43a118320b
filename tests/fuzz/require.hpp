#pragma once

#include <cstdio>
#include <cstdlib>

namespace gateway {

/// Ends the fuzzer, and says what does not hold.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

} // namespace gateway
