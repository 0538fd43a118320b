#pragma once

#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <memory>

namespace gateway {

/// A reference to an actor that has something to do, on its way to another thread: given back when it never arrives.
struct travelling_job {
  struct release {
    void operator()(caf::resumable* job) const { caf::scheduler::abstract_coordinator::cleanup_and_release(job); }
  };
  std::unique_ptr<caf::resumable, release> job;
};

} // namespace gateway
