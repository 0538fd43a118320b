#pragma once

#include "config/config.hpp"
#include "domain/fairness/tenant_places.hpp"
#include "http/upstream/http_answer.hpp"
#include "http/upstream/upstream.hpp"
#include "runtime/worker.hpp"

#include <cstddef>
#include <memory>

namespace gateway {

/// A provider that speaks OpenAI's API over HTTP/1.1, on this worker's share of its connections; `crowd` is what
/// the tenants have in flight here.
std::unique_ptr<upstream> make_http_upstream(const upstream_spec& spec, worker& here, std::size_t workers,
                                             const tenant_places& crowd, const answer_bounds& bounds);

} // namespace gateway
