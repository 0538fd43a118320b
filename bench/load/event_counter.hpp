#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::bench {

/// Counts the events of an OpenAI stream, whatever pieces its bytes come in.
class event_counter {
 public:
  void feed(std::string_view bytes);

  std::size_t contents() const { return contents_; } ///< Events with a `content`, the role's included.
  bool done() const { return done_; }                ///< `[DONE]` was the last event.

 private:
  void take(std::string_view event);

  std::string unfinished_;
  std::size_t contents_ = 0;
  bool done_ = false;
};

} // namespace gateway::bench
