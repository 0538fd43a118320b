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

  /// Takes room for what it says; the failure says that there is none, or that it may not be so long.
  result<void> take_room(const answer_bounds& bounds) {
    std::uint64_t bytes = whole_.size();
    for (const auto& event : events_) bytes += event.size() + sizeof(std::string);
    if (bytes > bounds.body_bytes && !is_event_stream)
      return tl::unexpected(unreachable("the answer is larger than limits.answer_bytes"));
    room_ = byte_claim(bounds.room, bytes_for::answer);
    if (!room_.cover(bytes)) return tl::unexpected(no_room());
    return {};
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
  byte_claim room_;
  std::string whole_;
  std::vector<std::string> events_;
  std::size_t next_ = 0;
};

using echo_answer_ptr = std::unique_ptr<echo_answer>;

completion_frame frame_for(const upstream_call& what, std::string_view kind) {
  const auto now = std::chrono::floor<std::chrono::seconds>(wall_clock_now());
  return {std::string(kind) + mint_request_id(), std::string(what.model), now.time_since_epoch().count()};
}

result<echo_answer_ptr> chat(const upstream_call& what) {
  const auto reply = echo(what.body.text());
  if (!reply) return tl::unexpected(reply.error());
  const auto frame = frame_for(what, "chatcmpl-");
  // The usage chunk is always asked for; the relay keeps it from callers who did not.
  if (what.stream) return std::make_unique<echo_answer>(to_chunks(*reply, frame, true));
  return std::make_unique<echo_answer>(to_completion(*reply, frame));
}

result<echo_answer_ptr> complete(const upstream_call& what) {
  const auto reply = echo_completion(what.body.text());
  if (!reply) return tl::unexpected(reply.error());
  const auto frame = frame_for(what, "cmpl-");
  if (what.stream) return std::make_unique<echo_answer>(to_text_chunks(*reply, frame, true));
  return std::make_unique<echo_answer>(to_text_completion(*reply, frame));
}

result<echo_answer_ptr> embed(const upstream_call& what) {
  auto vectors = echo_embedding(what.body.text(), what.model);
  if (!vectors) return tl::unexpected(std::move(vectors.error()));
  return std::make_unique<echo_answer>(std::move(*vectors));
}

result<echo_answer_ptr> say(const upstream_call& what) {
  if (what.path == "/chat/completions") return chat(what);
  if (what.path == "/completions") return complete(what);
  if (what.path == "/embeddings") return embed(what);
  return tl::unexpected(unreachable("echo does not take " + std::string(what.path)));
}

class echo_upstream final : public upstream {
 public:
  explicit echo_upstream(const answer_bounds& bounds) : bounds_(bounds) {}

  task<result<answer_ptr>> call(upstream_call what) override {
    auto answer = say(what);
    if (!answer) co_return tl::unexpected(std::move(answer.error()));
    auto room = (*answer)->take_room(bounds_);
    if (!room) co_return tl::unexpected(std::move(room.error()));
    co_return answer_ptr(std::move(*answer));
  }

 private:
  answer_bounds bounds_;
};

} // namespace

std::unique_ptr<upstream> make_echo_upstream(const answer_bounds& bounds) {
  return std::make_unique<echo_upstream>(bounds);
}

} // namespace gateway
