#pragma once

#include "config/config.hpp"

namespace gateway {

class object_reader;

/// The keys `admin` and `audit`: who may look and change, and what is kept of it.
void read_admin(object_reader& in, admin_spec& to);
void read_audit_log(object_reader& in, audit_log_spec& to);

} // namespace gateway
