#include "http/upstream/connection_pool.hpp"

#include "http/upstream/upstream_failure.hpp"

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

constexpr std::chrono::seconds sweep_every{2};

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

  task<wake> comes_within(std::chrono::milliseconds patience) {
    const auto how = co_await woken_.wait_for(patience);
    used_ = how == wake::fired;
    co_return how;
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

void lent_connection::give_back() { std::exchange(pool_, nullptr)->take_back(std::move(peer_), born_); }

connection_pool::connection_pool(const upstream_spec& spec, worker& here, std::size_t most)
    : connector_(spec, here),
      here_(here),
      most_(most),
      longest_idle_(spec.idle),
      longest_life_(spec.lifetime),
      next_sweep_(here.wheel(), [this] { sweep(); }) {}

task<result<lent_connection>> connection_pool::lend(std::chrono::milliseconds patience, bool fresh) {
  const auto end = std::chrono::steady_clock::now() + patience;
  if (!has_room()) {
    turn mine(*this);
    const auto how = co_await mine.comes_within(patience);
    if (how == wake::cancelled) co_return tl::unexpected(caller_has_left());
    if (how == wake::expired) co_return tl::unexpected(timed_out("connect"));
  }
  if (fresh) {
    if (!idle_.empty()) close_last();
  } else if (auto found = take_idle()) {
    co_return lent_connection(shared_from_this(), std::move(found->peer), found->born);
  }
  ++open_;
  lent_connection place(shared_from_this());
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  auto opened = co_await connector_.connect(std::max(left, std::chrono::milliseconds(1)));
  if (!opened) co_return tl::unexpected(std::move(opened.error()));
  place.peer_ = std::move(*opened);
  place.born_ = std::chrono::steady_clock::now();
  co_return place;
}

bool connection_pool::is_usable(const idle_connection& each, time_point now) const {
  return now - each.since < longest_idle_ && now - each.born < longest_life_ && !each.peer->is_stale();
}

std::optional<connection_pool::idle_connection> connection_pool::take_idle() {
  while (!idle_.empty() && !is_usable(idle_.back(), std::chrono::steady_clock::now())) close_last();
  if (idle_.empty()) return std::nullopt;
  auto found = std::move(idle_.back());
  idle_.pop_back();
  return found;
}

void connection_pool::close_last() {
  idle_.back().peer->finish_writing();
  idle_.pop_back();
  --open_;
}

void connection_pool::take_back(connection_ptr peer, time_point born) {
  const auto now = std::chrono::steady_clock::now();
  if (now - born >= longest_life_ || !peer->is_open()) {
    peer->finish_writing();
    peer.reset();
    return closed();
  }
  idle_.push_back({std::move(peer), born, now});
  if (!next_sweep_.is_set()) next_sweep_.set(sweep_every);
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

void connection_pool::sweep() {
  const auto now = std::chrono::steady_clock::now();
  const auto of_no_use = std::stable_partition(idle_.begin(), idle_.end(),
                                               [&](const idle_connection& each) { return is_usable(each, now); });
  const auto kept = static_cast<std::size_t>(of_no_use - idle_.begin());
  while (idle_.size() > kept) close_last();
  if (!idle_.empty()) next_sweep_.set(sweep_every);
}

void connection_pool::close_idle() {
  while (!idle_.empty()) close_last();
  next_sweep_.clear();
}

} // namespace gateway
