#pragma once

#include "domain/api_key.hpp"
#include "domain/money.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What a key may use in one day of its time zone.
struct daily_quota {
  std::uint64_t requests = 0;
  std::uint64_t tokens = 0;
  friend bool operator==(const daily_quota&, const daily_quota&) = default;
};

/// The other limits of a key, or of a tenant; nothing means unlimited.
struct rate_limits {
  std::optional<std::uint64_t> requests_per_minute{};
  std::optional<std::uint64_t> tokens_per_minute{};
  std::optional<std::uint64_t> concurrent_requests{};
  std::optional<micro_dollars> budget_per_day{};   ///< `budget_usd_per_day`
  std::optional<micro_dollars> budget_per_month{}; ///< `budget_usd_per_month`
  friend bool operator==(const rate_limits&, const rate_limits&) = default;
};

/// Where days and months begin unless somebody said otherwise.
inline constexpr std::string_view default_time_zone = "UTC";

/// What all keys of a tenant may use together; nothing means unlimited.
struct tenant_limits {
  std::optional<std::uint64_t> daily_requests;
  std::optional<std::uint64_t> daily_tokens;
  rate_limits limits;
  std::string time_zone{default_time_zone}; ///< An IANA name.
  friend bool operator==(const tenant_limits&, const tenant_limits&) = default;
};
using tenant_limits_ptr = std::shared_ptr<const tenant_limits>;

/// Who is asking, as far as the walk of a request needs it.
struct principal {
  std::string key_id; ///< UUID, or the caller's own.
  std::string tenant_id;
  daily_quota quota;
  rate_limits limits;
  std::string time_zone{default_time_zone}; ///< An IANA name: where the key's days and months begin and end.
  tenant_limits_ptr tenant;                 ///< Null: the tenant has none of its own.
  std::vector<std::string> models;          ///< Allow list; a trailing `*` matches any rest. Empty: every model.
  std::optional<timestamp> expires_at;
  friend bool operator==(const principal&, const principal&) = default;
};

/// Shared and never changed: a change of the key makes a new one.
using principal_ptr = std::shared_ptr<const principal>;

/// Whether the allow list lets this key use `model`.
bool may_use(const principal& who, std::string_view model);

/// One secret that opens a key. After a rotation the old one lives until its grace ends.
struct key_secret {
  key_digest digest{};
  std::string hint;                     ///< The last four characters.
  std::optional<timestamp> valid_until; ///< Nothing: as long as the key.
  friend bool operator==(const key_secret&, const key_secret&) = default;
};

/// A key as the operator sees and the key store keeps it.
struct key_record {
  principal who;
  std::string name;
  bool active = true;
  std::map<std::string, std::string> metadata;
  timestamp created_at{};
  timestamp updated_at{};
  std::vector<key_secret> secrets; ///< The current one first.
  friend bool operator==(const key_record&, const key_record&) = default;
};

/// Fields of a key that an operator sets or changes; nothing means: leave as it is.
/// An inner nothing (`expires_at`, a limit) takes the value away.
struct key_changes {
  std::optional<std::string> name;
  std::optional<bool> active;
  std::optional<std::uint64_t> daily_requests;
  std::optional<std::uint64_t> daily_tokens;
  std::optional<std::optional<timestamp>> expires_at;
  std::optional<std::vector<std::string>> models;
  std::optional<std::optional<std::uint64_t>> requests_per_minute;
  std::optional<std::optional<std::uint64_t>> tokens_per_minute;
  std::optional<std::optional<std::uint64_t>> concurrent_requests;
  std::optional<std::optional<micro_dollars>> budget_per_day;
  std::optional<std::optional<micro_dollars>> budget_per_month;
  std::optional<std::string> time_zone;
  std::optional<std::map<std::string, std::string>> metadata;
};

/// Writes `changes` into `record` and stamps it.
void apply(const key_changes& changes, key_record& record, timestamp now);

} // namespace gateway
