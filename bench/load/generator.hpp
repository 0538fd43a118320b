#pragma once

#include "bench/load/answer_reader.hpp"
#include "bench/load/options.hpp"
#include "bench/load/tally.hpp"
#include "bench/net/appointments.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

namespace gateway::bench {

/// Puts the load on a server, on one thread: on a schedule that no slow answer holds up, or request after answer.
/// Throws std::system_error when the machine refuses.
class generator {
 public:
  explicit generator(const load_options& options);

  /// Runs the load and says what became of it.
  tally run();

 private:
  struct connection {
    std::uint64_t turn = 0;
    bool connected = false;
    bool busy = false;
    std::size_t sent = 0; ///< Bytes of the request.
    steady_time due{};
    steady_time last_token{};
    std::size_t tokens = 0;
    answer_reader reader;
  };

  void start_due(steady_time now);
  bool is_over(steady_time now) const;
  bool starts_more(steady_time due) const;
  steady_time due_of(std::size_t number) const;
  void start(steady_time due);
  void begin(int socket, steady_time due);
  int open();
  void write(int socket);
  void read(int socket);
  void count_tokens(connection& of, steady_time now);
  void finish(int socket, steady_time now);
  void drop(int socket, std::size_t& reason);
  void forget(int socket);
  void go_on(int socket);
  connection& at(int socket) { return connections_[static_cast<std::size_t>(socket)]; }
  bool counts(steady_time due) const { return due >= began_ + options_.warm_up; }

  const load_options& options_;
  int epoll_;
  appointments appointments_;
  std::vector<connection> connections_; ///< By socket number.
  std::vector<int> idle_;
  std::deque<steady_time> waiting_; ///< Requests that are due and have no connection.
  std::size_t opened_ = 0;
  std::size_t now_open_ = 0;
  std::size_t next_ = 0; ///< The number of the next request of the schedule.
  std::uint64_t turns_ = 0;
  steady_time began_{};
  steady_time last_start_{};
  std::vector<char> received_;
  tally tally_;
};

} // namespace gateway::bench
