#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gateway::bench {

/// What is sent, to whom and when.
struct load_options {
  std::vector<std::uint16_t> ports; ///< On 127.0.0.1; connections take them in turn.
  std::uint8_t sources = 1;         ///< Connections come from 127.0.0.1 to 127.0.0.`sources` in turn.
  std::string request;              ///< The bytes of one request, head and body.

  double rate = 0;               ///< Requests a second, on a fixed schedule; 0: the next one follows an answer.
  std::size_t concurrency = 1;   ///< Requests at once, when there is no schedule.
  std::size_t connections = 512; ///< At most, with a schedule: over it a request waits, and the wait counts.

  std::chrono::nanoseconds length{0};                          ///< Starting requests ends after so long,
  std::size_t count = 0;                                       ///< or after so many; 0: does not count.
  std::chrono::nanoseconds warm_up{0};                         ///< What is due before that is not in the latencies.
  std::chrono::nanoseconds patience{std::chrono::seconds(10)}; ///< For answers, after the last start.

  std::chrono::nanoseconds pace{0}; ///< Of a stream's tokens; gaps are given as distance from it.

  std::size_t read_bytes = 256 * 1024;    ///< Read at once at most;
  std::chrono::nanoseconds read_pause{0}; ///< and a pause after each read: a slow reader.
};

} // namespace gateway::bench
