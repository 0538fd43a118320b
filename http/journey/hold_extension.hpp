#pragma once

#include "domain/route.hpp"
#include "http/journey/held_quota.hpp"
#include "http/journey/surface.hpp"

#include <cstdint>

namespace gateway {

/// Lets the hold of a stream grow with it, slice by slice, when its request named no maximum of tokens.
class hold_extension {
 public:
  /// `way` is the route that answers.
  hold_extension(held_quota& hold, const route& way, const model_request& wanted);

  /// Whether an answer of so many tokens comes near to what is held.
  bool is_due(std::uint64_t completion_tokens) const;
  /// Takes what is missing. The failure is how the stream ends, when a limit does not let it go on.
  task<result<void>> take(std::uint64_t completion_tokens);

 private:
  std::uint64_t covered() const { return hold_.amount().tokens - prompt_tokens_; }

  held_quota& hold_;
  const route& way_;
  std::uint64_t prompt_tokens_;
  bool bounded_; ///< By the request itself.
  std::uint64_t slice_;
  std::uint64_t margin_;
};

} // namespace gateway
