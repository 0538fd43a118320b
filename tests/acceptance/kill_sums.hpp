#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace gateway {

/// What was, or would have been, taken from limits.
struct charges {
  std::uint64_t requests = 0;
  std::uint64_t tokens = 0;
  std::uint64_t cost = 0; ///< In millionths of a dollar.
};

/// What some rounds of kill -9 came to.
struct kill_sums {
  std::size_t rounds = 0;
  std::size_t requests = 0;          ///< That reached the upstream.
  std::size_t whole = 0;             ///< Answers that came whole,
  std::size_t cut = 0;               ///< and those that the end cut off behind their first byte.
  std::size_t records = 0;           ///< Of all requests, refused ones included.
  std::size_t interrupted = 0;       ///< Of these records, those whose end is not known,
  std::size_t whole_interrupted = 0; ///< and those of them whose caller had the answer whole: the settlement was lost.
  std::size_t unrecorded = 0;        ///< Reached the upstream in the instant before the end: nobody was answered.
  std::size_t lost = 0;              ///< Answered, if only with the first byte, and not recorded.
  charges forfeited;                 ///< Leased and not spent when the end came, of all rounds,
  std::uint64_t most_of_one_limit = 0; ///< the most requests of one key,
  std::uint64_t forfeited_after = 0;   ///< and requests, tokens and micro-dollars that did not come back at the start.
  std::uint64_t overspent = 0;         ///< Requests, tokens and micro-dollars beyond a limit.

  /// A table of one row.
  std::string table(const std::string& durability) const;
};

} // namespace gateway
