#include "http/upstream/upstreams.hpp"

#include "http/upstream/echo_upstream.hpp"
#include "http/upstream/http_upstream.hpp"

namespace gateway {

upstreams::upstreams(const config& what, worker& here, std::size_t workers, const tenant_places& crowd,
                     byte_account& room) {
  const answer_bounds bounds{what.limits.event_bytes, what.limits.answer_bytes, &room};
  for (const auto& [name, spec] : what.upstreams) {
    switch (spec.kind) {
      case upstream_kind::echo: all_.emplace(name, make_echo_upstream(bounds)); break;
      case upstream_kind::openai: all_.emplace(name, make_http_upstream(spec, here, workers, crowd, bounds)); break;
    }
  }
}

void upstreams::close_idle() {
  for (auto& [name, each] : all_) each->close_idle();
}

} // namespace gateway
