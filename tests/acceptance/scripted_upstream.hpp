#pragma once

#include "tests/acceptance/http_client.hpp"
#include "tests/acceptance/loopback.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gateway {

/// Closed until the test opens it. A copy is the same gate.
class gate {
 public:
  gate() : opened_(opening_->get_future()) {}
  void open() { opening_->set_value(); }
  /// Throws std::runtime_error when nobody opens it in time.
  void pass() const;

 private:
  std::shared_ptr<std::promise<void>> opening_ = std::make_shared<std::promise<void>>();
  std::shared_future<void> opened_;
};

/// What the upstream got.
struct received_request {
  std::string request_line;
  header_list headers;
  std::string body;
  std::size_t connection = 0; ///< 0 is the first one that was opened.

  std::string header(std::string_view name) const { return find_header(headers, name); }
  bool has(std::string_view name) const { return count_headers(headers, name) > 0; }
};

/// The upstream's side of one exchange, as a script sees it.
class upstream_talk {
 public:
  upstream_talk(loopback_socket& peer, const received_request& what) : asked(what), peer_(peer) {}

  /// As they are; whether the gateway still took them.
  bool send(std::string_view bytes) { return peer_.send(bytes); }
  /// The header of a streamed answer, and then its events, each a chunk of its own.
  void start_events(header_list headers = {});
  bool send_event(std::string_view data);
  void finish_events();
  /// Says nothing until the gateway gives up.
  void wait_for_end();
  /// The connection ends with the script: as usual, or with a reset.
  void close() { after_ = ending::closed; }
  void reset() { after_ = ending::reset; }

  enum class ending { stays, closed, reset };
  ending after() const { return after_; }

  const received_request& asked;

 private:
  loopback_socket& peer_;
  ending after_ = ending::stays;
};

/// How the upstream treats one request. The connection stays open after it, unless the script says otherwise.
using script = std::function<void(upstream_talk&)>;

/// A whole answer.
script answer_with(int status, std::string body, header_list headers = {});
/// A stream of these events, one chunk each.
script stream_of(std::vector<std::string> events);
/// A chat completion with this text and usage.
std::string completion(std::string_view text, int prompt_tokens = 9, int completion_tokens = 5);
/// A chunk of one: a piece of text, the finish, the usage.
std::string text_chunk(std::string_view text);
std::string finish_chunk();
std::string usage_chunk(int prompt_tokens, int completion_tokens);

/// A provider that speaks OpenAI's API as far as the test tells it to, on a port and in threads of its own. Each
/// request takes the next script of the queue; when it is empty, a completion that says "hello".
class scripted_upstream {
 public:
  scripted_upstream();
  scripted_upstream(const scripted_upstream&) = delete;
  scripted_upstream& operator=(const scripted_upstream&) = delete;
  ~scripted_upstream();

  std::uint16_t port() const { return port_; }
  /// For the config: `http://127.0.0.1:PORT/v1`.
  std::string base_url() const;
  void next(script how);
  /// For every request that finds the queue empty.
  void always(script how);

  std::vector<received_request> requests() const;
  /// Waits for that many requests, and returns the last of them.
  received_request wait_for_request(std::size_t count = 1);
  std::size_t connections() const;
  /// Waits until so many connections have ended, whoever ended them.
  void wait_for_ends(std::size_t count);

 private:
  void accept_all();
  void serve(loopback_socket& peer, std::size_t number);
  upstream_talk::ending talk_with(loopback_socket& peer, std::size_t number);
  script take_script(const received_request& asked);

  loopback_socket listening_;
  std::uint16_t port_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<script> scripts_;
  script otherwise_;
  std::vector<received_request> requests_;
  std::size_t ended_ = 0;
  std::list<loopback_socket> peers_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

} // namespace gateway
