#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gateway {

/// Another program, while it runs. Its end kills it, if it is still there. Every wait is bounded by `patience`; what
/// goes wrong throws std::runtime_error.
class child_process {
 public:
  using variables = std::map<std::string, std::string>;

  /// `more` wins over this process's environment; ADDR, ADMIN_TOKEN and SQLITE_PATH are not inherited.
  explicit child_process(const std::vector<std::string>& command, const variables& more = {});
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process();

  pid_t id() const { return id_; }
  void send_signal(int number) const;
  /// Waits for its end: its exit code, or the number of the signal that ended it, negative.
  int wait();

  /// Everything it has said so far, on both of its outputs. After `wait`: all of it.
  std::string output() const;
  /// Waits until it has said this; returns what stands behind it in that line.
  std::string wait_for(const std::string& text);

 private:
  void read_all(int from);

  pid_t id_ = -1;
  bool ended_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string output_;
  bool silent_ = false; ///< It has closed its outputs.
  std::thread reader_;
};

/// Runs a program to its end.
struct finished_process {
  int exit_code;
  std::string output;
};
finished_process run(const std::vector<std::string>& command, const child_process::variables& more = {});

} // namespace gateway
