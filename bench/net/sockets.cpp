#include "bench/net/sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace gateway::bench {

namespace {

void control(int epoll, int operation, int socket, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  check(epoll_ctl(epoll, operation, socket, &event), "epoll_ctl");
}

sockaddr_in loopback(std::uint8_t last, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl((INADDR_LOOPBACK & ~0xffU) | last);
  return address;
}

void set_option(int socket, int level, int name, int value) {
  check(setsockopt(socket, level, name, &value, sizeof value), "setsockopt");
}

} // namespace

int check(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

int listen_on(std::uint16_t port) {
  const int listener = check(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
  set_option(listener, SOL_SOCKET, SO_REUSEADDR, 1);
  const auto address = loopback(1, port);
  check(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  check(listen(listener, SOMAXCONN), "listen");
  return listener;
}

std::uint16_t port_of(int listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  check(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  return ntohs(address.sin_port);
}

int connect_to(std::uint16_t port, std::uint8_t source, int receive_bytes) {
  const int made = check(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
  set_option(made, IPPROTO_TCP, TCP_NODELAY, 1);
  if (receive_bytes > 0) set_option(made, SOL_SOCKET, SO_RCVBUF, receive_bytes);
  // The port is chosen when the other end is known, so that ports in use towards others do not count.
  set_option(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  const auto from = loopback(source, 0);
  check(bind(made, reinterpret_cast<const sockaddr*>(&from), sizeof from), "bind");
  const auto to = loopback(1, port);
  const int begun = connect(made, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  if (begun < 0 && errno != EINPROGRESS) check(begun, "connect");
  return made;
}

void watch(int epoll, int socket, std::uint32_t events) { control(epoll, EPOLL_CTL_ADD, socket, events); }

void change_watch(int epoll, int socket, std::uint32_t events) { control(epoll, EPOLL_CTL_MOD, socket, events); }

void allow_many_sockets() {
  rlimit files{};
  check(getrlimit(RLIMIT_NOFILE, &files), "getrlimit");
  files.rlim_cur = files.rlim_max;
  check(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
}

} // namespace gateway::bench
