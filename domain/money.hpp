#pragma once

#include "domain/usage.hpp"

#include <cstdint>

namespace gateway {

/// Millionths of a US dollar: what budgets, holds, records and reports count in.
using micro_dollars = std::uint64_t;

/// What a million tokens of each kind cost; less than 2^60 each.
struct price {
  micro_dollars input = 0;
  micro_dollars output = 0;
  micro_dollars cached_input = 0; ///< Of those prompt tokens that the provider had in its cache.
  friend bool operator==(const price&, const price&) = default;
};

/// To the nearest millionth; what is below zero or no number is 0, what is too large the largest.
micro_dollars to_micro_dollars(double dollars);
double to_dollars(micro_dollars money);

/// The one function for holds, records and reports: what `usage` costs, to the nearest millionth of a dollar. It never
/// falls when a count of tokens rises; a sum that is too large is the largest.
micro_dollars cost_of(const price& per_million, const token_usage& usage);

} // namespace gateway
