#pragma once

#include "domain/chat/request_scan.hpp"
#include "domain/quota/quota_decision.hpp"
#include "domain/route.hpp"

#include <functional>
#include <string_view>

namespace gateway {

/// What a request uses at most: its prompt and the longest answer, of the model that was asked for or any that may
/// stand in for it (fallbacks, theirs included, as far as `may_use` lets the key have them), at the highest price among
/// them, nothing of the prompt being cached.
quota_amount most_used(const request_scan& request, const route_table& routes, const matched_route& asked_for,
                       const std::function<bool(std::string_view model)>& may_use);

} // namespace gateway
