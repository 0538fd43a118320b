#include "runtime/readiness.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace gateway {
namespace {

constexpr std::size_t most_at_once = 128;

int new_set() {
  const int made = epoll_create1(EPOLL_CLOEXEC);
  if (made < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return made;
}

} // namespace

asio::execution_context::id readiness::id;

readiness::readiness(asio::execution_context& context)
    : asio::execution_context::service(context),
      set_(static_cast<asio::io_context&>(context).get_executor(), new_set()) {}

readiness::~readiness() = default;

void readiness::shutdown() noexcept {
  // What the handlers hold may be sockets of this set: those are taken out while this goes on.
  std::vector<socket_wait_ptr> ended;
  for (auto* each : sockets_)
    for (auto& wait : each->waits_)
      if (wait) ended.push_back(std::move(wait));
  ended.clear();
}

void readiness::add(watched_socket& one) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &one;
  // What cannot be waited for is of no use.
  if (epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, one.descriptor_, &event) != 0)
    ::close(std::exchange(one.descriptor_, -1));
  one.place_ = sockets_.size();
  sockets_.push_back(&one);
}

void readiness::forget(watched_socket& one) {
  sockets_.back()->place_ = one.place_;
  sockets_[one.place_] = sockets_.back();
  sockets_.pop_back();
}

void readiness::arm() {
  if (std::exchange(armed_, true)) return;
  set_.async_wait(asio::posix::descriptor_base::wait_read, [this](const boost::system::error_code& error) {
    armed_ = false;
    if (!error) take_events();
  });
}

void readiness::take_events() {
  std::array<epoll_event, most_at_once> events;
  const auto count = static_cast<std::size_t>(
      std::max(epoll_wait(set_.native_handle(), events.data(), static_cast<int>(events.size()), 0), 0));
  // First all of them, then the handlers, which may end any socket.
  for (std::size_t i = 0; i < count; ++i) static_cast<watched_socket*>(events[i].data.ptr)->note(events[i].events);
  arm();
  for (auto& wait : due_) complete(std::move(wait), {});
  due_.clear();
  for (const auto& each : noticed_)
    if (const auto still = each.lock()) still->notify_now();
  noticed_.clear();
}

watched_socket::watched_socket(asio::io_context& io, int descriptor)
    : io_(io), set_(asio::use_service<readiness>(io)), descriptor_(descriptor) {
  set_.add(*this);
}

watched_socket::~watched_socket() {
  close();
  set_.forget(*this);
}

void watched_socket::begin(direction what, socket_wait_ptr wait) {
  waits_[what] = std::move(wait);
  set_.arm();
  if (descriptor_ < 0) return abort(what);
  // Something has happened since it was tried.
  if (!ready_[what]) return;
  asio::post(io_, [weak = weak_from_this(), what] {
    const auto self = weak.lock();
    if (self && self->waits_[what]) complete(std::move(self->waits_[what]), {});
  });
}

void watched_socket::abort(direction what) {
  if (!waits_[what]) return;
  asio::post(io_, [wait = std::move(waits_[what])]() mutable {
    complete<boost::system::error_code>(std::move(wait), asio::error::operation_aborted);
  });
}

void watched_socket::cancel() {
  abort(reading);
  abort(writing);
}

void watched_socket::notify(std::function<void()> call) {
  observer_ = std::move(call);
  set_.arm();
  if (descriptor_ < 0 || ready_[reading]) notify_later();
}

void watched_socket::notify_later() {
  asio::post(io_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->notify_now();
  });
}

void watched_socket::notify_now() {
  if (const auto call = std::exchange(observer_, nullptr)) call();
}

void watched_socket::close() {
  cancel();
  if (observer_) notify_later();
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void watched_socket::note(unsigned events) {
  if ((events & (EPOLLHUP | EPOLLERR)) != 0) broken_ = true;
  if ((events & EPOLLRDHUP) != 0 || broken_) ended_ = true;
  if ((events & EPOLLIN) != 0 || ended_) ready_[reading] = true;
  if ((events & EPOLLOUT) != 0 || broken_) ready_[writing] = true;
  for (const auto what : {reading, writing})
    if (ready_[what] && waits_[what]) set_.due_.push_back(std::move(waits_[what]));
  if (ready_[reading] && observer_) set_.noticed_.push_back(weak_from_this());
}

} // namespace gateway
