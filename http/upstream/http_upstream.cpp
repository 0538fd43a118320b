#include "http/upstream/http_upstream.hpp"

#include "http/upstream/connection_pool.hpp"
#include "http/upstream/http_answer.hpp"
#include "http/upstream/upstream_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

std::size_t share(std::size_t whole, std::size_t workers) { return std::max<std::size_t>(whole / workers, 1); }

class http_upstream final : public upstream {
 public:
  http_upstream(const upstream_spec& spec, worker& here, std::size_t workers, const tenant_places& crowd,
                std::size_t largest_event)
      : here_(here),
        path_(spec.base_url.path),
        timeouts_(spec.timeouts),
        pool_(std::make_shared<connection_pool>(spec, here, crowd, share(spec.connections, workers),
                                                share(spec.queue, workers))),
        largest_event_(largest_event) {
    const auto common = fmt::format("Host: {}\r\nContent-Type: application/json\r\n", spec.base_url.authority());
    for (const auto& key : spec.api_keys)
      own_headers_.push_back(common + fmt::format("Authorization: Bearer {}\r\n", key.reveal()));
    if (own_headers_.empty()) own_headers_.push_back(common);
  }

  task<result<answer_ptr>> call(upstream_call what) override {
    const auto head = head_of(what);
    lend_wish wish{.tenant = what.tenant, .cost = what.cost, .until = what.began + timeouts_.total};
    while (true) {
      if (std::chrono::steady_clock::now() >= wish.until) co_return tl::unexpected(timed_out("total"));
      auto peer = co_await pool_->lend(wish);
      if (!peer) co_return tl::unexpected(std::move(peer.error()));
      *what.reached = true;
      const bool reused = peer->reused();
      auto answer = std::make_unique<http_answer>(std::move(*peer), here_.wheel(), timeouts_, what, largest_event_);
      const std::array parts{asio::const_buffer(head.data(), head.size()),
                             asio::const_buffer(what.body.data(), what.body.size())};
      auto begun = co_await answer->begin(parts);
      if (begun) co_return answer_ptr(std::move(answer));
      // The provider may close an idle connection just when it is used again: that says nothing about the provider.
      if (!reused || answer->got_some() || begun.error().code != ec::upstream_unavailable)
        co_return tl::unexpected(std::move(begun.error()));
      *what.reached = false;
      wish.fresh = true;
    }
  }

  void close_idle() override { pool_->close_idle(); }

 private:
  std::string head_of(const upstream_call& what) const {
    std::string head;
    const auto& own = own_headers_.at(what.credential);
    head.reserve(256 + own.size() + what.headers.size());
    fmt::format_to(std::back_inserter(head), "POST {}{} HTTP/1.1\r\n", path_, what.path);
    head.append(own).append(what.headers);
    fmt::format_to(std::back_inserter(head), "X-Request-ID: {}\r\nContent-Length: {}\r\n\r\n", what.request_id,
                   what.body.size());
    return head;
  }

  worker& here_;
  std::string path_;
  upstream_timeouts timeouts_;
  std::shared_ptr<connection_pool> pool_;
  std::size_t largest_event_;
  std::vector<std::string> own_headers_; ///< For each of its keys.
};

} // namespace

std::unique_ptr<upstream> make_http_upstream(const upstream_spec& spec, worker& here, std::size_t workers,
                                             const tenant_places& crowd, std::size_t largest_event) {
  return std::make_unique<http_upstream>(spec, here, workers, crowd, largest_event);
}

} // namespace gateway
