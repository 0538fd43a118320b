#pragma once

#include "domain/quota/leased_limit.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace gateway {

/// The account of a key in one UTC day; as a view, for looking it up.
template <class Name>
struct account_id_of {
  Name name; ///< The key_id.
  std::chrono::sys_days day{};
};
using account_id = account_id_of<std::string>;
using account_id_view = account_id_of<std::string_view>;

struct account_hash {
  using is_transparent = void;
  // Not noexcept: that makes the map keep the hashes, instead of reading a name for each neighbour it passes.
  template <class Name>
  std::size_t operator()(const account_id_of<Name>& id) const {
    return std::hash<Name>{}(id.name) ^ static_cast<std::size_t>(id.day.time_since_epoch().count());
  }
};

struct account_equal {
  using is_transparent = void;
  template <class Left, class Right>
  bool operator()(const account_id_of<Left>& left, const account_id_of<Right>& right) const {
    return left.day == right.day && left.name == right.name;
  }
};

struct account_limits {
  std::array<leased_limit, leased_kinds> limits;
  std::size_t holds = 0; ///< An account with holds is not forgotten.
};

/// Elements do not move.
using quota_accounts = std::unordered_map<account_id, account_limits, account_hash, account_equal>;
using quota_account = quota_accounts::value_type;

} // namespace gateway
