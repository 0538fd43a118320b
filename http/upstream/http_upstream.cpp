#include "http/upstream/http_upstream.hpp"

#include "http/upstream/connection_pool.hpp"
#include "http/upstream/http_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace gateway {
namespace {

class http_upstream final : public upstream {
 public:
  http_upstream(const upstream_spec& spec, worker& here, std::size_t workers)
      : here_(here),
        path_(spec.base_url.path),
        timeouts_(spec.timeouts),
        pool_(std::make_shared<connection_pool>(spec, here, std::max<std::size_t>(spec.connections / workers, 1))),
        own_headers_(fmt::format("Host: {}\r\nContent-Type: application/json\r\n", spec.base_url.authority())) {
    if (!spec.api_keys.empty())
      own_headers_ += fmt::format("Authorization: Bearer {}\r\n", spec.api_keys.front().reveal());
  }

  task<result<answer_ptr>> call(upstream_call what) override {
    const auto head = head_of(what);
    bool fresh = false;
    while (true) {
      auto peer = co_await pool_->lend(timeouts_.connect, fresh);
      if (!peer) co_return tl::unexpected(std::move(peer.error()));
      const bool reused = peer->reused();
      auto answer = std::make_unique<http_answer>(std::move(*peer), here_.wheel(), timeouts_, what);
      const std::array parts{asio::const_buffer(head.data(), head.size()),
                             asio::const_buffer(what.body.data(), what.body.size())};
      auto begun = co_await answer->begin(parts);
      if (begun) co_return answer_ptr(std::move(answer));
      // The provider may close an idle connection just when it is used again: that says nothing about the provider.
      if (!reused || answer->got_some() || begun.error().code != ec::upstream_unavailable)
        co_return tl::unexpected(std::move(begun.error()));
      fresh = true;
    }
  }

  void close_idle() override { pool_->close_idle(); }

 private:
  std::string head_of(const upstream_call& what) const {
    std::string head;
    head.reserve(256 + own_headers_.size() + what.headers.size());
    fmt::format_to(std::back_inserter(head), "POST {}{} HTTP/1.1\r\n", path_, what.path);
    head.append(own_headers_).append(what.headers);
    fmt::format_to(std::back_inserter(head), "X-Request-ID: {}\r\nContent-Length: {}\r\n\r\n", what.request_id,
                   what.body.size());
    return head;
  }

  worker& here_;
  std::string path_;
  upstream_timeouts timeouts_;
  std::shared_ptr<connection_pool> pool_;
  std::string own_headers_;
};

} // namespace

std::unique_ptr<upstream> make_http_upstream(const upstream_spec& spec, worker& here, std::size_t workers) {
  return std::make_unique<http_upstream>(spec, here, workers);
}

} // namespace gateway
