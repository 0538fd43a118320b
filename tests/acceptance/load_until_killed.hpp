#pragma once

#include "domain/usage.hpp"
#include "tests/acceptance/http_client.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace gateway {

/// An upstream that notes every request that reaches it by its id, and leaves one in so many without an answer: of a
/// stream it sends the beginning first.
class noting_upstream {
 public:
  explicit noting_upstream(std::uint32_t hangs_one_in);

  std::string base_url() const { return upstream_.base_url(); }
  std::set<std::string> reached() const;
  /// Waits until so many requests have reached it since it was made.
  void wait_for(std::size_t requests) { upstream_.wait_for_request(requests); }
  /// What it charges for this request.
  static token_usage usage_of(const std::string& id);

 private:
  bool note(const std::string& id);

  std::uint32_t hangs_one_in_;
  mutable std::mutex mutex_;
  std::set<std::string> reached_;
  std::uint32_t count_ = 0;
  scripted_upstream upstream_;
};

/// Callers that ask without a pause, half of them for streams, until their gateway is gone or refuses them.
class load_until_killed {
 public:
  struct caller {
    std::string name; ///< Its requests are called `name-1`, `name-2` and so on.
    std::string key;
  };
  /// What a caller heard of a request: at least the head of a stream.
  struct told {
    int status = 0;
    bool whole = false;
    token_usage usage; ///< Of a whole answer.
  };

  load_until_killed(std::uint16_t port, const std::vector<caller>& callers);
  load_until_killed(const load_until_killed&) = delete;
  load_until_killed& operator=(const load_until_killed&) = delete;
  ~load_until_killed() { join(); }

  /// Waits until so many streams have begun, or so many answers have come whole.
  void wait_for_begun(std::size_t streams);
  void wait_for_whole(std::size_t answers);
  void join();
  /// Once joined: by the request's id.
  const std::map<std::string, told>& answers() const { return answers_; }

 private:
  void run(std::uint16_t port, const caller& who);
  static told read_answer(http_client& line);
  told read_stream(const std::string& id, http_client& line);
  void note(const std::string& id, const told& what);
  void wait_for(const std::size_t& count, std::size_t answers);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, told> answers_;
  std::size_t begun_ = 0;
  std::size_t whole_ = 0;
  std::vector<std::thread> threads_;
};

} // namespace gateway
