#pragma once

#include "domain/chat/request_edit.hpp"
#include "domain/error.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// One request to a provider. What it refers to outlives the call, up to the header of its answer.
struct upstream_call {
  std::string_view path; ///< Behind the base URL: `/chat/completions`.
  const edited_body& body;
  bool stream = false;
  std::string_view headers; ///< The caller's that may cross, as header lines.
  std::string_view request_id;
  std::string_view tenant; ///< Who asks, and the tokens that it may use: for the order among those who wait.
  std::uint64_t cost = 0;
  std::string_view model;       ///< As the provider calls it.
  std::uint32_t credential = 0; ///< Which of the upstream's keys.
  std::chrono::steady_clock::time_point began;
  bool* reached; ///< Becomes true as soon as the provider may have got something of the request.
};

/// What comes next of a stream.
struct stream_step {
  enum class kind : std::uint8_t {
    event, ///< The data of an event.
    end,   ///< The body is over.
    quiet, ///< Nothing came for as long as was asked.
  };
  kind what = kind::end;
  std::string_view data{}; ///< Holds until the next call.
};

/// A provider's answer: its header is there, its body comes as it is asked for.
class upstream_answer {
 public:
  virtual ~upstream_answer() = default;

  int status = 200;
  std::string content_type;
  std::string request_id;                   ///< The provider's own, or empty.
  std::chrono::milliseconds retry_after{0}; ///< 0: it named none.
  bool is_event_stream = false;

  /// All of the body.
  virtual task<result<std::string>> body() = 0;
  /// The same, if all of it is here already.
  virtual std::optional<result<std::string>> ready_body() { return std::nullopt; }
  /// The next event. With a `patience` other than 0 it also returns when nothing came for so long, which ends nothing.
  virtual task<result<stream_step>> next_event(std::chrono::milliseconds patience) = 0;
  /// The data of the next event, if it is here already.
  virtual std::optional<std::string_view> ready_event() = 0;
  /// After the last event that matters: waits a moment for the body's end, so that its connection can serve again.
  virtual task<void> drop_rest() { co_return; }
};

using answer_ptr = std::unique_ptr<upstream_answer>;

/// A provider, as one worker talks to it. A failure says what the caller may know, and in `note` what the operator
/// should; the answer's own status, whatever it is, is not a failure.
class upstream {
 public:
  virtual ~upstream() = default;
  virtual task<result<answer_ptr>> call(upstream_call what) = 0;
  /// Ends the connections that nobody uses.
  virtual void close_idle() {}
};

} // namespace gateway
