#pragma once

#include <cstdint>

namespace gateway::bench {

/// Throws std::system_error, from errno, when `result` says that a call failed; else hands it back.
int check(int result, const char* call);

/// A listening socket on 127.0.0.1 that does not block.
int listen_on(std::uint16_t port);
std::uint16_t port_of(int listener);

/// A socket that does not block and whose connection to 127.0.0.1:`port` has begun, from 127.0.0.`source`: each source
/// has ports of its own. `receive_bytes` bounds the kernel's buffer of what is not read yet; 0: as the kernel likes.
int connect_to(std::uint16_t port, std::uint8_t source, int receive_bytes);

/// Has `epoll` report `events` of a socket: for the first time, or from now on.
void watch(int epoll, int socket, std::uint32_t events);
void change_watch(int epoll, int socket, std::uint32_t events);

/// Raises this process's limit of open files to the most that it may have.
void allow_many_sockets();

} // namespace gateway::bench
