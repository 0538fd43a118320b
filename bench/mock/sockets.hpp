#pragma once

#include <cstdint>

namespace gateway::bench {

/// Throws std::system_error, from errno, when `result` says that a call failed; else hands it back.
int check(int result, const char* call);

/// A listening socket on 127.0.0.1 that does not block.
int listen_on(std::uint16_t port);
std::uint16_t port_of(int listener);

/// Has `epoll` report `events` of a socket: for the first time, or from now on.
void watch(int epoll, int socket, std::uint32_t events);
void change_watch(int epoll, int socket, std::uint32_t events);

} // namespace gateway::bench
