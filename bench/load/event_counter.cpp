#include "bench/load/event_counter.hpp"

namespace gateway::bench {

namespace {

constexpr std::string_view blank_line = "\n\n";

} // namespace

void event_counter::feed(std::string_view bytes) {
  unfinished_.append(bytes);
  std::string_view left = unfinished_;
  for (auto end = left.find(blank_line); end != std::string_view::npos; end = left.find(blank_line)) {
    take(left.substr(0, end));
    left.remove_prefix(end + blank_line.size());
  }
  unfinished_.erase(0, unfinished_.size() - left.size());
}

void event_counter::take(std::string_view event) {
  done_ = event == "data: [DONE]";
  if (event.find(R"("content":")") != std::string_view::npos) ++contents_;
}

} // namespace gateway::bench
