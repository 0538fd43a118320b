#pragma once

#include "config/config.hpp"
#include "domain/fairness/tenant_places.hpp"
#include "http/upstream/upstream.hpp"
#include "runtime/byte_account.hpp"
#include "runtime/worker.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <string>

namespace gateway {

/// The upstreams of the config, each with this worker's share of its connections.
class upstreams {
 public:
  /// `crowd` is what the tenants have in flight here; what their answers take is counted in `room`. Both must outlive
  /// them.
  upstreams(const config& what, worker& here, std::size_t workers, const tenant_places& crowd, byte_account& room);

  /// By its name under `upstreams`; it is there, since the config was checked.
  upstream& at(const std::string& name) { return *all_.at(name); }
  void close_idle();

 private:
  std::map<std::string, std::unique_ptr<upstream>> all_;
};

} // namespace gateway
