#include "http/upstream/echo_upstream.hpp"

#include "domain/api_key.hpp"
#include "domain/chat/echo.hpp"
#include "domain/time.hpp"
#include "http/upstream/upstream_failure.hpp"

#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace gateway {
namespace {

class echo_answer final : public upstream_answer {
 public:
  explicit echo_answer(std::string whole) : whole_(std::move(whole)) { content_type = "application/json"; }

  explicit echo_answer(std::vector<std::string> events) : events_(std::move(events)) {
    content_type = "text/event-stream";
    is_event_stream = true;
    events_.emplace_back("[DONE]");
  }

  task<result<std::string>> body() override { co_return std::move(whole_); }

  task<result<stream_step>> next_event(std::chrono::milliseconds) override {
    const auto data = ready_event();
    if (!data) co_return stream_step{};
    co_return stream_step{stream_step::kind::event, *data};
  }

  std::optional<std::string_view> ready_event() override {
    if (next_ == events_.size()) return std::nullopt;
    return events_[next_++];
  }

 private:
  std::string whole_;
  std::vector<std::string> events_;
  std::size_t next_ = 0;
};

class echo_upstream final : public upstream {
 public:
  task<result<answer_ptr>> call(upstream_call what) override {
    if (what.path != "/chat/completions") co_return tl::unexpected(unreachable("echo only takes chat completions"));
    auto reply = echo(std::move(what.body));
    if (!reply) co_return tl::unexpected(std::move(reply.error()));
    const auto now = std::chrono::floor<std::chrono::seconds>(wall_clock_now());
    const completion_frame frame{"chatcmpl-" + mint_request_id(), std::string(what.model),
                                 now.time_since_epoch().count()};
    // The usage chunk is always asked for; the relay keeps it from callers who did not.
    if (what.stream) co_return std::make_unique<echo_answer>(to_chunks(*reply, frame, true));
    co_return std::make_unique<echo_answer>(to_completion(*reply, frame));
  }
};

} // namespace

std::unique_ptr<upstream> make_echo_upstream() { return std::make_unique<echo_upstream>(); }

} // namespace gateway
