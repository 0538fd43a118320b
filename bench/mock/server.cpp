#include "bench/mock/server.hpp"

#include "bench/net/sockets.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

namespace gateway::bench {

mock_server::mock_server(const mock_options& options)
    : options_(options),
      answers_(options.chunks, options.token_bytes),
      listener_(listen_on(options.port)),
      epoll_(check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      appointments_(epoll_),
      port_(port_of(listener_)),
      received_(256 * 1024) {
  watch(epoll_, listener_, EPOLLIN);
}

void mock_server::run() {
  std::array<epoll_event, 256> ready{};
  for (;;) {
    const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), -1);
    if (count < 0 && errno != EINTR) check(count, "epoll_wait");
    for (const auto& event : std::span(ready.data(), static_cast<std::size_t>(count < 0 ? 0 : count))) {
      const int socket = event.data.fd;
      if (socket == appointments_.timer()) continue;
      if (socket == listener_) {
        accept_all();
        continue;
      }
      if ((event.events & EPOLLOUT) != 0) flush(socket, sessions_[static_cast<std::size_t>(socket)]);
      if ((event.events & ~EPOLLOUT) != 0) read(socket);
    }
    keep_appointments();
  }
}

void mock_server::accept_all() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) return;
    const int on = 1;
    check(setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
    const auto index = static_cast<std::size_t>(socket);
    if (sessions_.size() <= index) sessions_.resize(index + 1);
    sessions_[index] = session{};
    sessions_[index].turn = ++turns_;
    watch(epoll_, socket, EPOLLIN);
  }
}

void mock_server::read(int socket) {
  const auto size = recv(socket, received_.data(), received_.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) return close(socket);
  auto& from = sessions_[static_cast<std::size_t>(socket)];
  from.reader.feed({received_.data(), static_cast<std::size_t>(size)});
  if (from.at == stage::idle) begin(socket, from, from.reader.next());
}

void mock_server::begin(int socket, session& of, reading what) {
  if (what == reading::incomplete) return;
  if (what == reading::refused) {
    send(socket, of, answers_.refusal);
    return close(socket);
  }
  of.at = what == reading::stream ? stage::head : stage::completion;
  if (options_.delay.count() > 0) return later(socket, of, std::chrono::steady_clock::now() + options_.delay);
  step(socket, of);
}

void mock_server::step(int socket, session& of) {
  const bool paced = options_.chunk_gap.count() > 0;
  if (of.at == stage::head && paced) {
    of.at = stage::chunks;
    of.chunks_left = options_.chunks;
    of.due = std::chrono::steady_clock::now();
    send(socket, of, answers_.stream_head);
    return later(socket, of, next_chunk(of));
  }
  if (of.at == stage::chunks && of.chunks_left > 0) {
    --of.chunks_left;
    send(socket, of, answers_.stream_chunk);
    return later(socket, of, next_chunk(of));
  }
  const auto was = of.at;
  of.at = stage::idle;
  if (was == stage::completion) send(socket, of, answers_.completion);
  if (was == stage::head) send(socket, of, answers_.stream_whole);
  if (was == stage::chunks) send(socket, of, answers_.stream_end);
}

void mock_server::send(int socket, session& of, std::string_view bytes) {
  if (of.unsent.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (bytes.empty()) return;
    // A connection that broke is noticed when it is read.
    if (sent < 0 && errno != EAGAIN) return;
    change_watch(epoll_, socket, EPOLLIN | EPOLLOUT);
  }
  of.unsent.push_back(bytes);
}

void mock_server::flush(int socket, session& of) {
  while (!of.unsent.empty()) {
    auto& next = of.unsent.front();
    const auto sent = ::send(socket, next.data(), next.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return;
    if (sent < 0) break;
    next.remove_prefix(static_cast<std::size_t>(sent));
    if (next.empty()) of.unsent.pop_front();
  }
  of.unsent.clear();
  change_watch(epoll_, socket, EPOLLIN);
}

void mock_server::close(int socket) {
  sessions_[static_cast<std::size_t>(socket)] = session{};
  ::close(socket);
}

void mock_server::later(int socket, session& of, steady_time when) {
  of.due = when;
  appointments_.add({when, socket, of.turn});
}

// A stream keeps its pace, so that one late chunk does not make all others late; but chunks stay apart.
steady_time mock_server::next_chunk(const session& of) const {
  return std::max(of.due + options_.chunk_gap, std::chrono::steady_clock::now() + options_.chunk_gap / 2);
}

void mock_server::keep_appointments() {
  const auto now = std::chrono::steady_clock::now();
  while (const auto due = appointments_.take_due(now)) {
    auto& of = sessions_[static_cast<std::size_t>(due->socket)];
    if (of.turn == due->turn) step(due->socket, of);
  }
  appointments_.arm();
}

} // namespace gateway::bench
