#include "http/upstream/happy_eyeballs.hpp"

#include "runtime/one_shot.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace gateway {
namespace {

using error_code = boost::system::error_code;

constexpr std::chrono::milliseconds attempt_delay{250};

/// The attempts under way. What the io_context still calls back has a share in it, and finds it over.
struct race : std::enable_shared_from_this<race> {
  void start(const asio::ip::tcp::endpoint& where, asio::io_context& io) {
    const auto number = sockets.size();
    sockets.emplace_back(io.get_executor());
    sockets.back().async_connect(
        where, [self = shared_from_this(), number](const error_code& error) { self->ended(number, error); });
  }

  void ended(std::size_t number, const error_code& error) {
    if (over) return;
    if (error) {
      ++failed;
      last_error = error;
    } else if (!winner) {
      winner = number;
    }
    if (waiter) waiter->fire();
  }

  std::vector<tcp_socket> sockets;
  std::size_t failed = 0;
  error_code last_error = asio::error::host_not_found;
  std::optional<std::size_t> winner;
  one_shot* waiter = nullptr;
  bool over = false;
};

/// Ends the race with the coroutine that holds it.
class held_race {
 public:
  explicit held_race(std::size_t most) { race_->sockets.reserve(most); }
  held_race(const held_race&) = delete;
  held_race& operator=(const held_race&) = delete;
  ~held_race() {
    race_->over = true;
    race_->waiter = nullptr;
    race_->sockets.clear();
  }
  race* operator->() const { return race_.get(); }

  task<wake> news(timer_wheel& wheel, std::chrono::milliseconds patience) {
    one_shot came(wheel);
    race_->waiter = &came;
    const auto how = co_await came.wait_for(patience);
    race_->waiter = nullptr;
    co_return how;
  }

 private:
  std::shared_ptr<race> race_ = std::make_shared<race>();
};

} // namespace

endpoints interleaved(const endpoints& found) {
  endpoints v6, v4;
  for (const auto& each : found) (each.address().is_v6() ? v6 : v4).push_back(each);
  endpoints ordered;
  for (std::size_t i = 0; i < std::max(v6.size(), v4.size()); ++i) {
    if (i < v6.size()) ordered.push_back(v6[i]);
    if (i < v4.size()) ordered.push_back(v4[i]);
  }
  return ordered;
}

task<tl::expected<tcp_socket, error_code>> connect_to_any(worker& here, endpoints addresses,
                                                          std::chrono::steady_clock::time_point end) {
  held_race racing(addresses.size());
  while (racing->failed < addresses.size()) {
    const auto begun = racing->sockets.size();
    if (begun < addresses.size()) racing->start(addresses[begun], here.io());
    auto patience = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (patience.count() <= 0) co_return tl::unexpected(error_code(asio::error::timed_out));
    if (begun + 1 < addresses.size()) patience = std::min(patience, attempt_delay);
    const auto how = co_await racing.news(here.wheel(), patience);
    if (how == wake::cancelled) co_return tl::unexpected(error_code(asio::error::operation_aborted));
    if (racing->winner) co_return std::move(racing->sockets[*racing->winner]);
  }
  co_return tl::unexpected(racing->last_error);
}

} // namespace gateway
