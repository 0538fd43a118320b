#pragma once

#include "bench/mock/answers.hpp"
#include "bench/mock/request_reader.hpp"
#include "bench/net/appointments.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

namespace gateway::bench {

struct mock_options {
  std::uint16_t port = 0; ///< On 127.0.0.1; 0: any free one.
  std::size_t chunks = 100;
  std::size_t token_bytes = 0;            ///< Of a chunk's text; 0: a short word.
  std::chrono::microseconds delay{0};     ///< Before an answer begins.
  std::chrono::microseconds chunk_gap{0}; ///< Between the chunks of a stream; 0: the whole stream in one write.
};

/// An upstream with one thread, that does as little as it can for each request. Throws std::system_error when the
/// machine refuses.
class mock_server {
 public:
  explicit mock_server(const mock_options& options);

  std::uint16_t port() const { return port_; }
  [[noreturn]] void run();

 private:
  enum class stage : std::uint8_t { idle, completion, head, chunks };

  struct session {
    std::uint64_t turn = 0; ///< See appointment.
    request_reader reader;
    stage at = stage::idle;
    std::size_t chunks_left = 0;
    steady_time due{};                   ///< When the present step was to be taken.
    std::deque<std::string_view> unsent; ///< Parts of the answers.
  };

  void accept_all();
  void read(int socket);
  void begin(int socket, session& of, reading what);
  void step(int socket, session& of);
  void send(int socket, session& of, std::string_view bytes);
  void flush(int socket, session& of);
  void close(int socket);
  void later(int socket, session& of, steady_time when);
  steady_time next_chunk(const session& of) const;
  void keep_appointments();

  mock_options options_;
  answers answers_;
  int listener_;
  int epoll_;
  appointments appointments_;
  std::uint16_t port_ = 0;
  std::uint64_t turns_ = 0;
  std::vector<session> sessions_; ///< By socket number.
  std::vector<char> received_;
};

} // namespace gateway::bench
