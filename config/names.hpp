#pragma once

#include "config/config.hpp"
#include "config/reading/named.hpp"

#include <array>

namespace gateway {

// The words of the config file for every choice in it.

inline constexpr std::array<named<audit_durability>, 3> durability_names{{
    {"async", audit_durability::async},
    {"grouped", audit_durability::grouped},
    {"strict", audit_durability::strict},
}};

inline constexpr std::array<named<admin_role>, 2> admin_role_names{{
    {"viewer", admin_role::viewer},
    {"admin", admin_role::admin},
}};

inline constexpr std::array<named<interrupted_policy>, 2> interrupted_names{{
    {"charge", interrupted_policy::charge},
    {"release", interrupted_policy::release},
}};

inline constexpr std::array<named<upstream_kind>, 2> upstream_kind_names{{
    {"echo", upstream_kind::echo},
    {"openai", upstream_kind::openai},
}};

inline constexpr std::array<named<client_certificates>, 3> client_certificates_names{{
    {"off", client_certificates::off},
    {"optional", client_certificates::optional},
    {"required", client_certificates::required},
}};

inline constexpr std::array<named<log_level>, 6> log_level_names{{
    {"trace", log_level::trace},
    {"debug", log_level::debug},
    {"info", log_level::info},
    {"warn", log_level::warn},
    {"error", log_level::error},
    {"off", log_level::off},
}};

inline constexpr std::array<named<strategy>, 4> strategy_names{{
    {"weighted", strategy::weighted},
    {"priority", strategy::priority},
    {"least_latency", strategy::least_latency},
    {"least_busy", strategy::least_busy},
}};

} // namespace gateway
