#pragma once

#include "bench/load/samples.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstddef>
#include <map>

namespace gateway::bench {

/// What became of the requests of a run. All times are counted from when a request was due, not from when it was sent.
struct tally {
  std::size_t due = 0;
  std::map<int, std::size_t> statuses; ///< Of complete answers.
  std::size_t dropped = 0;             ///< The connection ended, or never was, before the answer was complete.
  std::size_t malformed = 0;           ///< No HTTP.
  std::size_t without_done = 0;        ///< Streams that ended as if complete, without `[DONE]`.
  std::size_t unfinished = 0;          ///< No complete answer when patience ended.
  std::size_t open = 0;
  std::size_t most_open = 0;

  samples latency;     ///< Until a complete answer with status 200.
  samples refusal;     ///< Until a complete answer with another status.
  samples first_token; ///< Until the first event of a stream.
  samples gap;         ///< Between the tokens of a stream; its distance from the pace, where there is one.
  samples own_lag;     ///< How late this program itself was.

  nlohmann::json as_json(std::chrono::nanoseconds took);
};

} // namespace gateway::bench
