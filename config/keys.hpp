#pragma once

#include "config/config.hpp"

namespace gateway {

class object_reader;

/// The keys of the config file, all of them: reads them into `to`. This and what it calls is the one table that
/// the loader, the search for unknown keys and the JSON schema's test go by.
void read_config(object_reader& in, config& to);

} // namespace gateway
