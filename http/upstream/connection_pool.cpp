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

/// A place in the queue, left however the wait ends. Who is woken has a promise of a connection, or of room for one, so
/// that nobody who comes later takes it first.
class connection_pool::turn {
 public:
  explicit turn(connection_pool& pool) : pool_(pool), woken_(pool.here_.io()) { pool_.waiting_.push_back(&woken_); }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;
  ~turn() {
    std::erase(pool_.waiting_, &woken_);
    if (!woken_.fired()) return;
    --pool_.promised_;
    if (!used_) pool_.wake_next();
  }

  task<bool> comes_within(std::chrono::milliseconds patience) {
    used_ = co_await woken_.wait_for(patience) == wake::fired;
    co_return used_;
  }

 private:
  connection_pool& pool_;
  one_shot woken_;
  bool used_ = false;
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
  if (!has_room()) {
    turn mine(*this);
    const bool came = co_await mine.comes_within(patience);
    if (!came) co_return tl::unexpected(timed_out("connect"));
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

bool connection_pool::has_room() const { return most_ + idle_.size() > open_ + promised_; }

void connection_pool::wake_next() {
  if (waiting_.empty() || !has_room()) return;
  ++promised_;
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
