#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// The longest that anything in these tests is waited for: a test that gets here has failed.
inline constexpr std::chrono::seconds patience{10};

/// A blocking socket on 127.0.0.1. Every wait is bounded by `patience`; what goes wrong throws std::runtime_error.
class loopback_socket {
 public:
  static loopback_socket connect_to(std::uint16_t port);
  /// On any free port.
  static loopback_socket listen();
  explicit loopback_socket(int descriptor) : descriptor_(descriptor) {}
  loopback_socket(loopback_socket&& other) noexcept;
  loopback_socket& operator=(loopback_socket&& other) noexcept;
  ~loopback_socket() { close(); }

  std::uint16_t port() const;
  /// The next connection; nothing once the socket is shut down.
  std::optional<loopback_socket> accept();

  /// All of it; whether the peer still took it.
  bool send(std::string_view bytes);
  /// What has come, at least one byte; empty at the end, also when the peer reset the connection.
  std::string receive();

  void finish_writing();
  /// Wakes whoever waits on this socket, in any thread.
  void shut_down();
  void close();
  /// Closes with a reset in place of the usual farewell.
  void reset();
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

} // namespace gateway
