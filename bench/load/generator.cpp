#include "bench/load/generator.hpp"

#include "bench/net/sockets.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

namespace gateway::bench {

namespace {

// What the schedule's appointments have for a socket.
constexpr int no_socket = -1;

using clock = std::chrono::steady_clock;

} // namespace

generator::generator(const load_options& options)
    : options_(options),
      epoll_(check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      appointments_(epoll_),
      received_(options.read_bytes) {}

tally generator::run() {
  began_ = last_start_ = clock::now();
  if (options_.rate > 0) appointments_.add({began_, no_socket, 0});
  for (std::size_t i = 0; options_.rate <= 0 && i < options_.concurrency; ++i) start(clock::now());
  std::array<epoll_event, 256> ready{};
  // The timer of the patience: nobody else wakes a program whose answers never come.
  constexpr int look_around_ms = 100;
  for (auto now = began_; !is_over(now); now = clock::now()) {
    while (const auto due = appointments_.take_due(now)) {
      if (due->socket == no_socket) {
        start_due(now);
      } else if (at(due->socket).turn == due->turn) {
        change_watch(epoll_, due->socket, EPOLLIN);
      }
    }
    appointments_.arm();
    const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), look_around_ms);
    if (count < 0 && errno != EINTR) check(count, "epoll_wait");
    for (const auto& event : std::span(ready.data(), static_cast<std::size_t>(std::max(count, 0)))) {
      const int socket = event.data.fd;
      if (socket == appointments_.timer()) continue;
      // An answer may come before the request has gone out.
      if ((event.events & ~EPOLLOUT) != 0)
        read(socket);
      else
        write(socket);
    }
  }
  tally_.unfinished += tally_.open + waiting_.size();
  return std::move(tally_);
}

bool generator::is_over(steady_time now) const {
  const bool more = starts_more(options_.rate > 0 ? due_of(next_) : now);
  if (more) return false;
  return (tally_.open == 0 && waiting_.empty()) || now > last_start_ + options_.patience;
}

bool generator::starts_more(steady_time due) const {
  return (options_.count == 0 || next_ < options_.count) &&
         (options_.length.count() == 0 || due < began_ + options_.length);
}

steady_time generator::due_of(std::size_t number) const {
  const std::chrono::duration<double> later(static_cast<double>(number) / options_.rate);
  return began_ + std::chrono::duration_cast<std::chrono::nanoseconds>(later);
}

void generator::start_due(steady_time now) {
  for (auto due = due_of(next_); starts_more(due); due = due_of(next_)) {
    if (due > now) return appointments_.add({due, no_socket, 0});
    if (counts(due)) tally_.own_lag.add(clock::now() - due);
    start(due);
  }
}

void generator::start(steady_time due) {
  ++next_;
  ++tally_.due;
  last_start_ = clock::now();
  if (!idle_.empty()) {
    const int socket = idle_.back();
    idle_.pop_back();
    return begin(socket, due);
  }
  if (options_.rate > 0 && now_open_ >= options_.connections) return waiting_.push_back(due);
  begin(open(), due);
}

int generator::open() {
  const auto port = options_.ports[opened_ % options_.ports.size()];
  const auto source = static_cast<std::uint8_t>(1 + opened_ % options_.sources);
  // The kernel's own buffer would read on for a slow reader.
  const int buffer = options_.read_pause.count() > 0 ? static_cast<int>(options_.read_bytes) : 0;
  const int socket = connect_to(port, source, buffer);
  ++opened_;
  ++now_open_;
  const auto index = static_cast<std::size_t>(socket);
  if (connections_.size() <= index) connections_.resize(index + 1);
  at(socket) = connection{};
  at(socket).turn = ++turns_;
  watch(epoll_, socket, EPOLLOUT);
  return socket;
}

void generator::begin(int socket, steady_time due) {
  auto& of = at(socket);
  of.busy = true;
  of.sent = 0;
  of.due = due;
  of.tokens = 0;
  of.reader.reset();
  tally_.most_open = std::max(tally_.most_open, ++tally_.open);
  if (of.connected) write(socket);
}

void generator::write(int socket) {
  auto& of = at(socket);
  const bool first = !of.connected;
  of.connected = true;
  const auto left = std::string_view(options_.request).substr(of.sent);
  const auto size = send(socket, left.data(), left.size(), MSG_NOSIGNAL);
  if (size < 0 && errno != EAGAIN) return drop(socket, tally_.dropped);
  of.sent += static_cast<std::size_t>(std::max<ssize_t>(size, 0));
  const bool whole = of.sent == options_.request.size();
  if (!whole) change_watch(epoll_, socket, EPOLLIN | EPOLLOUT);
  if (whole && (first || left.size() < options_.request.size())) change_watch(epoll_, socket, EPOLLIN);
}

void generator::read(int socket) {
  auto& of = at(socket);
  const auto size = recv(socket, received_.data(), received_.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  const auto now = clock::now();
  if (!of.busy) return forget(socket);
  if (size <= 0) return drop(socket, tally_.dropped);
  if (!of.reader.feed({received_.data(), static_cast<std::size_t>(size)})) return drop(socket, tally_.malformed);
  count_tokens(of, now);
  if (of.reader.complete()) return finish(socket, now);
  if (options_.read_pause.count() == 0) return;
  change_watch(epoll_, socket, 0);
  appointments_.add({now + options_.read_pause, socket, of.turn});
}

void generator::count_tokens(connection& of, steady_time now) {
  for (; of.tokens < of.reader.events().contents(); ++of.tokens) {
    if (counts(of.due)) {
      if (of.tokens == 0)
        tally_.first_token.add(now - of.due);
      else
        tally_.gap.add(std::chrono::abs(now - of.last_token - options_.pace));
    }
    of.last_token = now;
  }
}

void generator::finish(int socket, steady_time now) {
  auto& of = at(socket);
  const int status = of.reader.status();
  ++tally_.statuses[status];
  if (of.reader.stream() && !of.reader.events().done()) ++tally_.without_done;
  if (counts(of.due)) (status == 200 ? tally_.latency : tally_.refusal).add(now - of.due);
  --tally_.open;
  of.busy = false;
  if (!of.reader.keep_alive() || of.sent < options_.request.size()) return forget(socket);
  go_on(socket);
}

void generator::drop(int socket, std::size_t& reason) {
  ++reason;
  --tally_.open;
  forget(socket);
}

void generator::forget(int socket) {
  std::erase(idle_, socket);
  close(socket);
  at(socket) = connection{};
  --now_open_;
  go_on(no_socket);
}

// Whoever waits goes first; then, without a schedule, the answer's end is the next request's beginning.
void generator::go_on(int socket) {
  if (socket != no_socket) idle_.push_back(socket);
  if (!waiting_.empty()) {
    const auto due = waiting_.front();
    waiting_.pop_front();
    if (idle_.empty()) return begin(open(), due);
    const int taken = idle_.back();
    idle_.pop_back();
    return begin(taken, due);
  }
  if (const auto now = clock::now(); options_.rate <= 0 && starts_more(now)) start(now);
}

} // namespace gateway::bench
