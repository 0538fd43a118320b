#pragma once

#include "domain/time.hpp"
#include "storage/audit_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace gateway {

struct audit_settings {
  std::size_t batch = 512;   ///< Records in one commit, at most.
  std::size_t queue = 65536; ///< Records that may wait for the log; beyond that AUDIT takes no more.
  bool sync = false;         ///< A commit waits for the disk.
  /// The journal is shortened when it is so long and the log has everything.
  std::uint64_t journal_bytes = std::uint64_t{32} << 20;
  std::chrono::milliseconds idle{20};   ///< After which what is less than a batch goes into the log.
  std::chrono::milliseconds retry{200}; ///< Between attempts at a log that fails.
  audit_retention keep{};               ///< What stays in the log,
  std::function<timestamp()> clock;     ///< and what time it is; needed when anything goes.
  /// Told when the log begins to fail (`audit_log_fails`, with the reason), and when it works again
  /// (`audit_log_works`).
  std::function<void(std::string_view event, const std::string& reason)> on_event = [](auto, const auto&) {};
};

} // namespace gateway
