#pragma once

#include "domain/error.hpp"
#include "runtime/failure.hpp"

#include <caf/result.hpp>

#include <utility>

namespace gateway {

/// A result as what an actor's behaviour answers.
template <class T>
caf::result<T> to_answer(result<T> from) {
  if (!from) return to_error(std::move(from.error()));
  if constexpr (std::is_void_v<T>)
    return caf::unit;
  else
    return std::move(*from);
}

} // namespace gateway
