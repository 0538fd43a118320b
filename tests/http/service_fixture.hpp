#pragma once

#include "http/service.hpp"
#include "tests/http/worker_fixture.hpp"

#include <memory>

namespace gateway::test {

/// What the sessions of a worker share, with the model `echo` and as yet no neighbours.
class service_fixture : public worker_fixture {
 public:
  service_fixture() {
    settings.upstreams["echo"] = upstream_spec{};
    settings.models["echo"].targets.push_back({.upstream = "echo", .model = {}});
    settings.default_model = "echo";
  }
  ~service_fixture() { end_everybody(); }

  /// Made from the settings when it is first asked for.
  service& house() {
    if (!house_)
      house_ = std::make_unique<service>(settings, std::make_shared<const route_table>(settings.models),
                                         std::make_shared<byte_pool>(settings.limits.buffered_bytes), here, 1);
    return *house_;
  }

  config settings;

 private:
  std::unique_ptr<service> house_;
};

} // namespace gateway::test
