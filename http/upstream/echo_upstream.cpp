#include "http/upstream/echo_upstream.hpp"

#include "domain/api_key.hpp"
#include "domain/chat/completion.hpp"
#include "domain/chat/echo.hpp"
#include "domain/chat/echo_completion.hpp"
#include "domain/chat/echo_embedding.hpp"
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

completion_frame frame_for(const upstream_call& what, std::string_view kind) {
  const auto now = std::chrono::floor<std::chrono::seconds>(wall_clock_now());
  return {std::string(kind) + mint_request_id(), std::string(what.model), now.time_since_epoch().count()};
}

result<answer_ptr> chat(const upstream_call& what) {
  const auto reply = echo(what.body.text());
  if (!reply) return tl::unexpected(reply.error());
  const auto frame = frame_for(what, "chatcmpl-");
  // The usage chunk is always asked for; the relay keeps it from callers who did not.
  if (what.stream) return std::make_unique<echo_answer>(to_chunks(*reply, frame, true));
  return std::make_unique<echo_answer>(to_completion(*reply, frame));
}

result<answer_ptr> complete(const upstream_call& what) {
  const auto reply = echo_completion(what.body.text());
  if (!reply) return tl::unexpected(reply.error());
  const auto frame = frame_for(what, "cmpl-");
  if (what.stream) return std::make_unique<echo_answer>(to_text_chunks(*reply, frame, true));
  return std::make_unique<echo_answer>(to_text_completion(*reply, frame));
}

result<answer_ptr> embed(const upstream_call& what) {
  auto vectors = echo_embedding(what.body.text(), what.model);
  if (!vectors) return tl::unexpected(std::move(vectors.error()));
  return std::make_unique<echo_answer>(std::move(*vectors));
}

class echo_upstream final : public upstream {
 public:
  task<result<answer_ptr>> call(upstream_call what) override {
    if (what.path == "/chat/completions") co_return chat(what);
    if (what.path == "/completions") co_return complete(what);
    if (what.path == "/embeddings") co_return embed(what);
    co_return tl::unexpected(unreachable("echo does not take " + std::string(what.path)));
  }
};

} // namespace

std::unique_ptr<upstream> make_echo_upstream() { return std::make_unique<echo_upstream>(); }

} // namespace gateway
