#pragma once

#include "config/config.hpp"
#include "config/reading/key_description.hpp"

namespace gateway {

class object_reader;

/// The keys `upstreams` and `models`. The global timeouts must have been read: upstreams start from them.
void read_upstreams(object_reader& in, config& to);
void read_models(object_reader& in, config& to);

/// The upstream's half of `timeouts`; `need` says whether what `to` holds is a fixed default or derived.
void read_upstream_timeouts(object_reader& in, upstream_timeouts& to, presence need);

} // namespace gateway
