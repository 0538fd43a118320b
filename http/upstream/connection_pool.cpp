#include "http/upstream/connection_pool.hpp"

#include "http/upstream/upstream_failure.hpp"

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

/// Shorter than what providers and their balancers usually grant, so that it is us who close.
constexpr std::chrono::seconds idle_lifetime{50};
constexpr std::chrono::seconds sweep_every{10};

} // namespace

/// A place in the queue, left however the wait ends.
class connection_pool::turn {
 public:
  turn(connection_pool& pool, one_shot& mine) : pool_(pool), mine_(mine) { pool_.waiting_.push_back(&mine_); }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;
  ~turn() {
    std::erase(pool_.waiting_, &mine_);
    // Woken and gone without using it: the next one may.
    if (mine_.fired()) pool_.wake_next();
  }

 private:
  connection_pool& pool_;
  one_shot& mine_;
};

lent_connection::~lent_connection() {
  if (!pool_) return;
  peer_.reset();
  pool_->closed();
}

void lent_connection::give_back() { std::exchange(pool_, nullptr)->take_back(std::move(peer_)); }

connection_pool::connection_pool(base_url where, worker& here, std::size_t most)
    : connector_(std::move(where), here), here_(here), most_(most), sweep_(here.wheel(), [this] { drop_stale(); }) {}

task<result<lent_connection>> connection_pool::lend(std::chrono::milliseconds patience, bool fresh) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (open_ >= most_ && idle_.empty()) {
    one_shot mine(here_.io());
    const turn place(*this, mine);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    const auto how = co_await mine.wait_for(std::max(left, std::chrono::milliseconds(0)));
    if (how != wake::fired) co_return tl::unexpected(timed_out("connect"));
  }
  if (!idle_.empty()) {
    auto peer = std::move(idle_.back().peer);
    idle_.pop_back();
    if (!fresh) co_return lent_connection(shared_from_this(), std::move(peer));
    --open_;
  }
  ++open_;
  lent_connection place(shared_from_this());
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  auto opened = co_await connector_.connect(std::max(left, std::chrono::milliseconds(1)));
  if (!opened) co_return tl::unexpected(std::move(opened.error()));
  place.peer_ = std::move(*opened);
  co_return place;
}

void connection_pool::take_back(connection_ptr peer) {
  idle_.push_back({std::move(peer), std::chrono::steady_clock::now()});
  if (!sweep_.is_set()) sweep_.set(sweep_every);
  wake_next();
}

void connection_pool::closed() {
  --open_;
  wake_next();
}

void connection_pool::wake_next() {
  if (waiting_.empty() || (open_ >= most_ && idle_.empty())) return;
  waiting_.front()->fire();
  waiting_.pop_front();
}

void connection_pool::drop_stale() {
  const auto oldest = std::chrono::steady_clock::now() - idle_lifetime;
  const auto stale = std::find_if(idle_.begin(), idle_.end(), [&](const auto& each) { return each.since > oldest; });
  open_ -= static_cast<std::size_t>(stale - idle_.begin());
  idle_.erase(idle_.begin(), stale);
  if (!idle_.empty()) sweep_.set(sweep_every);
}

void connection_pool::close_idle() {
  open_ -= idle_.size();
  idle_.clear();
  sweep_.clear();
}

} // namespace gateway
