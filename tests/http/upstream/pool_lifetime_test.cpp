#include "tests/http/upstream/pool_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST_CASE_METHOD(pool_fixture, "a connection that the host has closed meanwhile is not lent again") {
  lent a, b, c;
  lend(a);
  lend(b);
  give_back(a);
  give_back(b);
  close_from_there();
  settle();
  lend(c);
  CHECK_FALSE((**c).reused());
  CHECK(opened() == 3);
}

TEST_CASE_METHOD(pool_fixture, "a connection that was closed here is not taken back") {
  lent a, b;
  lend(a);
  (**a).peer().close();
  give_back(a);
  lend(b);
  CHECK_FALSE((**b).reused());
}

TEST_CASE_METHOD(pool_fixture, "a connection that has served its time is not taken back, and makes room") {
  spec.lifetime = 0ms;
  rebuild();
  lent a, b, c;
  lend(a);
  lend(b);
  wait_for(c);
  give_back(a);
  CHECK(was_closed_from_here());
  run_until([&] { return c.has_value(); });
  REQUIRE(c->has_value());
  CHECK_FALSE((**c).reused());
}

TEST_CASE_METHOD(pool_fixture, "a connection that was idle too long is not lent again") {
  spec.idle = 0ms;
  rebuild();
  lent a, b;
  lend(a);
  give_back(a);
  lend(b);
  CHECK_FALSE((**b).reused());
  CHECK(was_closed_from_here());
}

TEST_CASE_METHOD(pool_fixture, "a connection of no use is closed though nobody asks for one") {
  spec.idle = 1ms;
  rebuild();
  lent a;
  lend(a);
  give_back(a);
  CHECK_FALSE(was_closed_from_here());
  run_until([&] { return was_closed_from_here(); });
}

TEST_CASE_METHOD(pool_fixture, "who leaves while waiting for a turn is told so") {
  lent a, b, c;
  lend(a);
  lend(b);
  boost::asio::cancellation_signal leave;
  boost::asio::co_spawn(here.io().get_executor(), lend_into(*pool, c, wish_of("acme")),
                        boost::asio::bind_cancellation_slot(leave.slot(), [](const std::exception_ptr&) {}));
  settle();
  leave.emit(boost::asio::cancellation_type::terminal);
  run_until([&] { return c.has_value(); });
  REQUIRE_FALSE(c->has_value());
  CHECK(c->error().code == ec::cancelled);
}

} // namespace
} // namespace gateway
