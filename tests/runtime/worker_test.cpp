#include "runtime/worker.hpp"

#include "runtime/asio_scheduler.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace gateway {
namespace {

struct own_worker {
  runtime_config config{1};
  caf::actor_system system{config};
  worker here{system, 1}; ///< Runs in the test's thread.
};

TEST_CASE_METHOD(own_worker, "what is to be done before a worker sleeps is done when nothing else is left") {
  int done = 0;
  std::function<void()> next = [&] {
    if (++done % 10 != 0) boost::asio::post(here.io(), next);
  };
  std::vector<int> seen;
  const auto work = std::make_shared<std::function<void()>>([&] {
    seen.push_back(done);
    if (seen.size() == 1)
      boost::asio::post(here.io(), next);
    else
      here.finish();
  });
  here.before_sleep(work);
  boost::asio::post(here.io(), next);
  here.run();
  CHECK(seen == std::vector{10, 20});
}

TEST_CASE_METHOD(own_worker, "a worker does not call what is gone") {
  bool called = false;
  auto work = std::make_shared<std::function<void()>>([&] { called = true; });
  here.before_sleep(work);
  work.reset();
  here.finish();
  here.run();
  CHECK_FALSE(called);
}

} // namespace
} // namespace gateway
