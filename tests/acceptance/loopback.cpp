#include "tests/acceptance/loopback.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace gateway {
namespace {

sockaddr_in loopback_address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int new_socket() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "socket");
  return descriptor;
}

void bound_waits(int descriptor) {
  const timeval limit{patience.count(), 0};
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

loopback_socket::loopback_socket(loopback_socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

loopback_socket& loopback_socket::operator=(loopback_socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

loopback_socket loopback_socket::connect_to(std::uint16_t port) {
  loopback_socket made(new_socket());
  bound_waits(made.descriptor_);
  const auto address = loopback_address(port);
  if (::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::system_error(errno, std::generic_category(), "connect");
  return made;
}

loopback_socket loopback_socket::listen() {
  loopback_socket made(new_socket());
  const auto address = loopback_address(0);
  if (::bind(made.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(made.descriptor_, 128) != 0)
    throw std::system_error(errno, std::generic_category(), "listen");
  return made;
}

std::uint16_t loopback_socket::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

std::optional<loopback_socket> loopback_socket::accept() {
  const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  bound_waits(descriptor);
  return loopback_socket(descriptor);
}

bool loopback_socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
    if (sent < 0) throw std::system_error(errno, std::generic_category(), "send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string loopback_socket::receive() {
  std::array<char, 16 * 1024> room{};
  const auto got = ::recv(descriptor_, room.data(), room.size(), 0);
  if (got < 0 && errno == EAGAIN) throw std::runtime_error("nothing came in time");
  return {room.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

void loopback_socket::finish_writing() { ::shutdown(descriptor_, SHUT_WR); }

void loopback_socket::shut_down() { ::shutdown(descriptor_, SHUT_RDWR); }

void loopback_socket::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void loopback_socket::reset() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

} // namespace gateway
