#include "http/door/acceptor.hpp"

#include "http/log.hpp"
#include "runtime/failure.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace gateway {
namespace {

constexpr std::chrono::milliseconds last_moment{1000};

task<bool> last_session_ended(service& house, std::chrono::steady_clock::time_point end) {
  while (house.sessions.size() > 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) co_return false;
    if (co_await house.sessions.next_end(house.here.wheel(), left) == wake::cancelled) co_return false;
  }
  co_return true;
}

/// Ask, wait, cut: idle sessions go at once, busy ones when they have answered, the rest when the time is over.
task<void> drain(service& house) {
  const auto patience = house.settings.timeouts.client.drain;
  house.sessions.close_idle();
  if (!co_await last_session_ended(house, std::chrono::steady_clock::now() + patience)) {
    log_event(log_level::warn, "cut", {{"sessions", house.sessions.size()}});
    house.sessions.close_all();
    co_await last_session_ended(house, std::chrono::steady_clock::now() + last_moment);
  }
  if (!co_await house.outbox.flush(patience))
    log_event(log_level::error, "audit_lost", {{"records", house.outbox.size()}});
  house.models.close_idle();
}

} // namespace

acceptor_actor::behavior_type acceptor(pinned_pointer<acceptor_actor, acceptor_state> self, service* house,
                                       reserved_address where) {
  return {
      [self, house, where](roster_atom, const roster_ptr& people) {
        house->people = people;
        if (self->state.open || house->draining) return;
        self->state.open = std::make_shared<listener>(*house, where);
        self->state.open->start();
      },
      [self, house](drain_atom) -> caf::result<void> {
        house->draining = true;
        if (self->state.open) self->state.open->close();
        auto promise = self->make_response_promise();
        asio::co_spawn(house->here.io().get_executor(), drain(*house),
                       [promise](const std::exception_ptr&) mutable { promise.deliver(caf::unit); });
        return caf::delegated<void>{};
      },
      [self, house](status_atom) {
        return acceptor_status{house->sessions.size(), self->state.open ? self->state.open->port() : std::uint16_t{0}};
      },
      [house](metrics_atom) { return house->metrics(); },
      [self](ping_atom) -> caf::result<void> {
        if (!self->state.open) return to_error(unavailable("the door is not open yet"));
        return caf::unit;
      },
  };
}

} // namespace gateway
