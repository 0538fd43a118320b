#pragma once

#include "domain/error.hpp"

#include <cstdint>

namespace gateway {

/// What may help after a call to an upstream has failed.
enum class remedy : std::uint8_t {
  none,             ///< Nothing: it is the caller's fault, or too late.
  again,            ///< The same call, there or elsewhere.
  elsewhere,        ///< The same call, but not there: it was silent, or does not know how to answer.
  other_credential, ///< The same call, with another key.
  other_target,     ///< The same call at another target: this one was not asked.
  larger_context,   ///< A model that takes longer prompts.
};

/// Connect errors, resets, broken answers, 408, 500, 502, 503, 504 and 529 are worth another call; after a timeout not
/// of the same target, nor where no connection to it was free. Whatever the caller may have seen a part of is not: that
/// is for the one who asks to know.
remedy remedy_for(const failure& why);

} // namespace gateway
