#include "actors/supervisor.hpp"

#include "runtime/failure.hpp"

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

using pointer = supervisor_self::stateful_pointer<supervisor_state>;

constexpr std::chrono::milliseconds ping_patience{5000};
constexpr std::chrono::milliseconds ping_again{20};

/// The plan as a list of places, in the order of starting. Seats of the roster exist from the beginning.
std::vector<child> children_of(const plan& what, roster& people) {
  std::vector<child> list;
  list.push_back(make_child("ledger", what.ledger, [](roster& r, const ledger_actor& a) { r.ledger = a; }));
  list.push_back(make_child("audit", what.audit, [](roster& r, const audit_actor& a) { r.audit = a; }));
  list.push_back(make_child("audit_reader", what.audit_reader,
                            [](roster& r, const audit_reader_actor& a) { r.audit_reader = a; }));
  list.push_back(make_child("keys", what.keys, [](roster& r, const keys_actor& a) { r.keys = a; }));
  auto add_all = [&list](const std::string& name, const auto& factories, auto seats) {
    for (std::size_t i = 0; i < factories.size(); ++i)
      list.push_back(make_child(name + " " + std::to_string(i), factories[i],
                                [seats, i](roster& r, const auto& a) { seats(r)[i] = a; }));
  };
  people.quota.resize(what.quota.size());
  people.auth.resize(what.auth.size());
  people.chat_upstream.resize(what.chat_upstream.size());
  people.acceptors.resize(what.acceptors.size());
  add_all(
      "quota", what.quota, [](roster & r) -> auto& { return r.quota; });
  add_all(
      "auth", what.auth, [](roster & r) -> auto& { return r.auth; });
  add_all(
      "chat_upstream", what.chat_upstream, [](roster & r) -> auto& { return r.chat_upstream; });
  add_all(
      "acceptor", what.acceptors, [](roster & r) -> auto& { return r.acceptors; });
  for (auto door = list.end() - static_cast<std::ptrdiff_t>(what.acceptors.size()); door != list.end(); ++door)
    door->door = true;
  return list;
}

/// `quota 3` is one of `quota`.
std::map<std::string, std::uint64_t> restarts_by_kind(const std::vector<child>& all) {
  std::map<std::string, std::uint64_t> sums;
  for (const auto& each : all) sums[each.name.substr(0, each.name.find(' '))] += each.restarts;
  return sums;
}

caf::error is_closing() { return to_error(unavailable("the gateway is shutting down")); }

/// The walk of the supervisor: what it does next, from whichever message it was called.
struct steps {
  pointer self;
  std::shared_ptr<const supervisor_settings> settings;

  supervisor_state& state() const { return self->state; }

  void tell(std::string_view event, const std::string& who, const std::string& reason = {}) const {
    if (settings->on_event) settings->on_event(event, who, reason);
  }

  void start(child& who) const {
    // A copy, since those who were told of the roster read it from other threads.
    state().people = std::make_shared<roster>(*state().people);
    state().people->restarts = restarts_by_kind(state().children);
    who.now = who.start(self, *state().people);
    who.started_at = self->clock().now();
    tell("started", who.name);
    for (auto& each : state().children)
      if (each.now.introduce) each.now.introduce(state().people);
  }

  void start_next() const {
    if (state().closing) return;
    if (state().started == state().children.size()) return open();
    auto& next = state().children[state().started++];
    start(next);
    await_ready(next);
  }

  void await_ready(child& who) const {
    const auto index = static_cast<std::size_t>(&who - state().children.data());
    who.now.ping(ping_patience, [*this, index](bool ready) {
      if (ready) return start_next();
      self->delayed_send(self, ping_again, ready_atom::value, std::uint64_t{index});
    });
  }

  void open() const {
    state().open = true;
    for (auto& asker : state().waiting) asker.deliver(roster_ptr(state().people));
    state().waiting.clear();
  }

  void on_death(const caf::down_msg& down) const {
    auto& all = state().children;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const child& c) { return c.now.address == down.source; });
    if (found == all.end()) return;
    const auto index = static_cast<std::size_t>(found - all.begin());
    found->now = {};
    if (state().doors_closed) {
      tell("stopped", found->name);
      // Somebody behind it that still lives is being ended now, and goes on with this when it is gone.
      if (std::none_of(found, all.end(), [](const child& c) { return bool(c.now.stop); })) stop_last();
      return;
    }
    if (state().closing && found->door) return tell("stopped", found->name);
    const bool was_calm = self->clock().now() - found->started_at >= settings->calm;
    found->delay = was_calm || found->delay.count() == 0 ? settings->first_delay
                                                         : std::min(found->delay * 2, settings->longest_delay);
    tell("died", found->name, self->system().render(down.reason));
    self->delayed_send(self, found->delay, restart_atom::value, std::uint64_t{index});
  }

  void restart(std::uint64_t index) const {
    auto& who = state().children[index];
    if (state().doors_closed || (state().closing && who.door)) return;
    ++who.restarts;
    start(who);
  }

  /// All doors at once, so that none lets callers in while another waits for its last ones.
  void close_doors() const {
    auto left = std::make_shared<std::size_t>(1);
    auto closed = [*this, left](bool) {
      if (--*left > 0) return;
      state().doors_closed = true;
      stop_last();
    };
    for (std::size_t i = 0; i < state().started; ++i) {
      auto& each = state().children[i];
      if (!each.door) continue;
      // Its last life let callers in, who are still there. This one is told of no roster, and lets nobody in.
      if (!each.now.drain) each.now = each.start(self, *state().people);
      ++*left;
      each.now.drain(settings->drain, closed);
    }
    closed(true);
  }

  /// Ends the last actor that is still there; its death calls this again.
  void stop_last() const {
    auto& all = state().children;
    const auto last = std::find_if(all.rbegin(), all.rend(), [](const child& c) { return bool(c.now.stop); });
    if (last == all.rend()) return finish();
    if (last->door) return last->now.stop();
    // Copied: while it drains it may die, and be forgotten.
    last->now.drain(settings->drain, [stop = last->now.stop](bool) { stop(); });
  }

  void close() const {
    if (std::exchange(state().closing, true)) return;
    for (auto& asker : state().waiting) asker.deliver(is_closing());
    state().waiting.clear();
    close_doors();
  }

  void finish() const {
    for (auto& asker : state().drainers) asker.deliver(caf::unit);
    self->quit();
  }
};

} // namespace

supervisor_self::behavior_type supervisor(pointer self, plan what, supervisor_settings settings) {
  const steps go{self, std::make_shared<const supervisor_settings>(std::move(settings))};
  self->state.children = children_of(what, *self->state.people);
  self->set_down_handler([go](const caf::down_msg& down) { go.on_death(down); });
  go.start_next();
  return {
      [self](status_atom) {
        actor_statuses list;
        for (const auto& each : self->state.children) list.push_back({each.name, each.restarts});
        return list;
      },
      [self](roster_atom) -> caf::result<roster_ptr> {
        if (self->state.open) return roster_ptr(self->state.people);
        if (self->state.closing) return is_closing();
        self->state.waiting.push_back(self->make_response_promise());
        return caf::delegated<roster_ptr>{};
      },
      [self, go](drain_atom) -> caf::result<void> {
        self->state.drainers.push_back(self->make_response_promise());
        go.close();
        return caf::delegated<void>{};
      },
      [go](restart_atom, std::uint64_t index) { go.restart(index); },
      [self, go](ready_atom, std::uint64_t index) {
        if (self->state.closing) return;
        auto& who = self->state.children[index];
        if (who.now.ping) return go.await_ready(who);
        self->delayed_send(self, ping_again, ready_atom::value, index);
      },
  };
}

} // namespace gateway
