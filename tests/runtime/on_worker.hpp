#pragma once

#include "runtime/worker.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <future>
#include <optional>
#include <utility>

namespace gateway::test {

/// Runs a coroutine on a worker, from the test's own thread, and hands back what it returns.
template <class T>
T on_worker(worker& where, task<T> work) {
  std::promise<T> promise;
  auto answer = promise.get_future();
  asio::co_spawn(where.io().get_executor(), std::move(work), [&promise](std::exception_ptr error, T value) {
    if (error)
      promise.set_exception(error);
    else
      promise.set_value(std::move(value));
  });
  return answer.get();
}

} // namespace gateway::test
