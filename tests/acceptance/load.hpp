#pragma once

#include "tests/acceptance/http_client.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace gateway {

/// What is wrong with an answer of a house in which somebody may just have died: nothing when it is a success, or
/// PLATFORM_DEPENDENCY_UNAVAILABLE that says when to come again.
std::string complaint_about(const http_response& answer);

/// Who sends requests, and what may become of them besides 200 and a 503 that says when to come again.
struct load_caller {
  std::string name; ///< Its requests are called `name-1`, `name-2` and so on.
  std::string key;
  std::string model = "gpt";
  bool may_be_turned_away = false; ///< Every request on a new connection, which may be refused or reset.
  bool may_run_out = false;        ///< Its quota may be exceeded: then it stops.
};

/// Callers that send requests without a pause, each from a thread of its own, until they are told to stop.
class load {
 public:
  load(std::uint16_t port, std::vector<load_caller> callers);
  load(const load&) = delete;
  load& operator=(const load&) = delete;
  ~load() { stop(); }

  /// How many were answered with 200 so far.
  std::size_t served() const { return served_; }
  /// How many still send requests.
  std::size_t active() const { return active_; }
  void stop();

  /// Once stopped: the status of every request that was answered, by its id.
  const std::map<std::string, int>& answers() const { return answers_; }
  std::size_t count(int status) const;
  /// Once stopped: what should not have been.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  struct tally {
    std::map<std::string, int> answers;
    std::vector<std::string> complaints;
  };
  void run(std::uint16_t port, const load_caller& who, tally& mine);

  std::vector<load_caller> callers_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> served_{0};
  std::atomic<std::size_t> active_;
  std::deque<tally> tallies_;
  std::vector<std::thread> threads_;
  std::map<std::string, int> answers_;
  std::vector<std::string> complaints_;
};

} // namespace gateway
