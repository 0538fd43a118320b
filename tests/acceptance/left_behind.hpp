#pragma once

#include "storage/ledger_store.hpp"

#include <string>
#include <vector>

namespace gateway {

/// What a gateway that is gone had leased, by all that it has written down. Its files stay as it left them.
std::vector<owned_grant> leases_left_behind(const std::string& data_directory);

} // namespace gateway
