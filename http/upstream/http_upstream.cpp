#include "http/upstream/http_upstream.hpp"

#include "http/upstream/connection_pool.hpp"
#include "http/upstream/upstream_failure.hpp"
#include "http/wire/header_lines.hpp"
#include "runtime/coarse_clock.hpp"

#include <boost/container/static_vector.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

std::size_t share(std::size_t whole, std::size_t workers) { return std::max<std::size_t>(whole / workers, 1); }

class http_upstream final : public upstream {
 public:
  http_upstream(const upstream_spec& spec, worker& here, std::size_t workers, const tenant_places& crowd,
                const answer_bounds& bounds)
      : here_(here),
        path_(spec.base_url.path),
        timeouts_(spec.timeouts),
        pool_(std::make_shared<connection_pool>(spec, here, crowd, share(spec.connections, workers),
                                                share(spec.queue, workers))),
        bounds_(bounds) {
    const auto common = fmt::format("Host: {}\r\nContent-Type: application/json\r\n", spec.base_url.authority());
    for (const auto& key : spec.api_keys)
      own_headers_.push_back(common + fmt::format("Authorization: Bearer {}\r\n", key.reveal()));
    if (own_headers_.empty()) own_headers_.push_back(common);
  }

  task<result<answer_ptr>> call(upstream_call what) override {
    header_buffer head;
    write_head(head, what);
    lend_wish wish{.tenant = what.tenant, .cost = what.cost, .until = what.began + timeouts_.total};
    while (true) {
      if (coarse_now() >= wish.until) co_return tl::unexpected(timed_out("total"));
      auto peer = pool_->lend_now(wish);
      if (!peer) {
        auto opened = co_await pool_->lend(wish);
        if (!opened) co_return tl::unexpected(std::move(opened.error()));
        peer.emplace(std::move(*opened));
      }
      *what.reached = true;
      const bool reused = peer->reused();
      auto answer = std::make_unique<http_answer>(std::move(*peer), here_.wheel(), timeouts_, what, bounds_);
      boost::container::static_vector<asio::const_buffer, 6> parts{asio::const_buffer(head.data(), head.size())};
      for (const auto piece : what.body.pieces()) parts.emplace_back(piece.data(), piece.size());
      auto begun = co_await answer->begin({parts.data(), parts.size()});
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
  void write_head(header_text& text, const upstream_call& what) const {
    append(text, "POST ");
    append(text, path_);
    append(text, what.path);
    append(text, " HTTP/1.1\r\n");
    append(text, own_headers_.at(what.credential));
    append(text, what.headers);
    append_header(text, "X-Request-ID", what.request_id);
    append_header(text, "Content-Length", what.body.size());
    append(text, "\r\n");
  }

  worker& here_;
  std::string path_;
  upstream_timeouts timeouts_;
  std::shared_ptr<connection_pool> pool_;
  answer_bounds bounds_;
  std::vector<std::string> own_headers_; ///< For each of its keys.
};

} // namespace

std::unique_ptr<upstream> make_http_upstream(const upstream_spec& spec, worker& here, std::size_t workers,
                                             const tenant_places& crowd, const answer_bounds& bounds) {
  return std::make_unique<http_upstream>(spec, here, workers, crowd, bounds);
}

} // namespace gateway
