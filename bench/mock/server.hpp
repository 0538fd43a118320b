#pragma once

#include "bench/mock/answers.hpp"
#include "bench/mock/request_reader.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::bench {

struct mock_options {
  std::uint16_t port = 0; ///< On 127.0.0.1; 0: any free one.
  std::size_t chunks = 100;
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
  using clock = std::chrono::steady_clock;
  enum class stage : std::uint8_t { idle, completion, head, chunks };

  struct session {
    std::uint64_t turn = 0; ///< Counts who had this socket number: what was due for others is not for this one.
    request_reader reader;
    stage at = stage::idle;
    std::size_t chunks_left = 0;
    std::string unsent;
  };

  struct appointment {
    clock::time_point when;
    int socket;
    std::uint64_t turn;
    friend bool operator>(const appointment& a, const appointment& b) { return a.when > b.when; }
  };

  void accept_all();
  void read(int socket);
  void begin(int socket, session& of, reading what);
  void step(int socket, session& of);
  void send(int socket, session& of, std::string_view bytes);
  void flush(int socket, session& of);
  void close(int socket);
  void later(int socket, std::chrono::microseconds pause);
  void keep_appointments();

  mock_options options_;
  answers answers_;
  int listener_;
  int epoll_;
  int timer_;
  std::uint16_t port_ = 0;
  std::uint64_t turns_ = 0;
  std::vector<session> sessions_; ///< By socket number.
  std::priority_queue<appointment, std::vector<appointment>, std::greater<>> appointments_;
  clock::time_point armed_for_{};
  std::vector<char> received_;
};

} // namespace gateway::bench
