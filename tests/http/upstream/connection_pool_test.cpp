#include "http/upstream/connection_pool.hpp"

#include "tests/http/upstream/pool_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

task<void> give_back_and_lend(connection_pool& pool, lent& mine, lent& into) {
  (**mine).give_back();
  auto got = co_await pool.lend(wish_of("acme"));
  into.emplace(std::move(got));
}

TEST_CASE_METHOD(pool_fixture, "the connection that was used last is lent first") {
  lent a, b;
  lend(a);
  lend(b);
  CHECK_FALSE((**a).reused());
  auto* first = of(a);
  auto* second = of(b);
  give_back(a);
  give_back(b);
  lent c, d;
  lend(c);
  lend(d);
  CHECK(of(c) == second);
  CHECK(of(d) == first);
  CHECK((**c).reused());
  CHECK(opened() == 2);
}

TEST_CASE_METHOD(pool_fixture, "who asks for a fresh connection gets none that served before") {
  lent a, b;
  lend(a);
  give_back(a);
  lend(b, true);
  CHECK_FALSE((**b).reused());
  CHECK(opened() == 2);
}

TEST_CASE_METHOD(pool_fixture, "fresh connections are no way around the bound") {
  spec.queue_for = 1ms;
  rebuild();
  lent a, b, c;
  lend(a);
  lend(b);
  give_back(b);
  lend(c, true);
  lent d;
  start(lend_into(*pool, d, wish_of("acme")));
  run_until([&] { return d.has_value(); });
  CHECK_FALSE(d->has_value());
}

TEST_CASE_METHOD(pool_fixture,
                 "no more are open than the bound, and who finds none free gets the next that is given back") {
  lent a, b, c;
  lend(a);
  lend(b);
  wait_for(c);
  auto* first = of(a);
  give_back(a);
  REQUIRE(c);
  CHECK(of(c) == first);
  CHECK(opened() == 2);
}

TEST_CASE_METHOD(pool_fixture, "who waits is served in the order of coming") {
  lent a, b, c, d, e;
  lend(a);
  lend(b);
  wait_for(c);
  wait_for(d);
  wait_for(e);
  give_back(a);
  REQUIRE(c);
  CHECK_FALSE(d);
  give_back(c);
  REQUIRE(d);
  CHECK_FALSE(e);
  give_back(d);
  REQUIRE(e);
}

TEST_CASE_METHOD(pool_fixture, "a newcomer does not overtake who was woken and has not come yet") {
  lent a, b, c, d;
  lend(a);
  lend(b);
  wait_for(c);
  start(give_back_and_lend(*pool, a, d));
  settle();
  REQUIRE(c);
  CHECK_FALSE(d);
  give_back(b);
  REQUIRE(d);
}

TEST_CASE_METHOD(pool_fixture, "a connection that comes to an end makes room for a new one") {
  lent a, b, c;
  lend(a);
  lend(b);
  wait_for(c);
  a.reset();
  run_until([&] { return c.has_value(); });
  REQUIRE(c->has_value());
  CHECK_FALSE((**c).reused());
  CHECK(opened() == 3);
}

TEST_CASE_METHOD(pool_fixture, "who waits too long is told that all are busy, and the next one has the turn") {
  lent a, b, c, d;
  lend(a);
  lend(b);
  auto hurried = wish_of("acme");
  hurried.until = std::chrono::steady_clock::now() + 1ms;
  wait_for(c, hurried);
  wait_for(d);
  run_until([&] { return c.has_value(); });
  REQUIRE_FALSE(c->has_value());
  CHECK(c->error().code == ec::overloaded);
  CHECK(c->error().retry_after == 1s);
  give_back(a);
  REQUIRE(d);
  CHECK(d->has_value());
}

TEST_CASE_METHOD(pool_fixture, "who is cancelled while waiting passes the turn on, also when it was just woken") {
  const bool woken = GENERATE(false, true);
  lent a, b, c, d;
  lend(a);
  lend(b);
  boost::asio::cancellation_signal cancel;
  boost::asio::co_spawn(here.io().get_executor(), lend_into(*pool, c, wish_of("acme")),
                        boost::asio::bind_cancellation_slot(cancel.slot(), [](const std::exception_ptr&) {}));
  settle();
  wait_for(d);
  if (woken) (**a).give_back();
  cancel.emit(boost::asio::cancellation_type::terminal);
  settle();
  if (!woken) give_back(a);
  c.reset();
  settle();
  run_until([&] { return d.has_value(); });
  CHECK(d->has_value());
}

TEST_CASE_METHOD(pool_fixture, "a host that lets nobody in takes no place") {
  host.close();
  for (int i = 0; i < 3; ++i) {
    lent a;
    run(lend_into(*pool, a, wish_of("acme")));
    REQUIRE_FALSE(a->has_value());
    CHECK(a->error().code == ec::upstream_unavailable);
  }
}

TEST_CASE_METHOD(pool_fixture, "what is idle can be closed, and what is lent stays") {
  lent a, b;
  lend(a);
  lend(b);
  give_back(a);
  pool->close_idle();
  CHECK(of(b)->is_open());
  lent c;
  lend(c);
  CHECK_FALSE((**c).reused());
  CHECK(opened() == 3);
}

} // namespace
} // namespace gateway
