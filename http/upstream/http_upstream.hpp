#pragma once

#include "config/config.hpp"
#include "http/upstream/http_answer.hpp"
#include "http/upstream/upstream.hpp"
#include "runtime/worker.hpp"

#include <cstddef>
#include <memory>

namespace gateway {

/// A provider that speaks OpenAI's API over HTTP/1.1, on this worker's share of its connections.
std::unique_ptr<upstream> make_http_upstream(const upstream_spec& spec, worker& here, std::size_t workers,
                                             const answer_bounds& bounds);

} // namespace gateway
