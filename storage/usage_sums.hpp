#pragma once

#include "domain/audit_record.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>

namespace gateway {

/// What usage is added up by as it comes.
struct usage_place {
  std::chrono::sys_time<std::chrono::hours> hour; ///< UTC.
  std::string tenant_id;
  std::string key_id;
  std::string model; ///< As the caller asked for it.
  std::string upstream;

  friend bool operator<(const usage_place& a, const usage_place& b) {
    return std::tie(a.hour, a.tenant_id, a.key_id, a.model, a.upstream) <
           std::tie(b.hour, b.tenant_id, b.key_id, b.model, b.upstream);
  }
};

/// A sum. It never wraps: it stops at `most`, of which two still fit into a signed number of 64 bits.
struct usage_count {
  static constexpr std::uint64_t most = (std::uint64_t{1} << 62U) - 1;

  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  token_usage usage;
  micro_dollars cost = 0;

  void add(const usage_count& other);
};

using usage_sums = std::map<usage_place, usage_count>;

/// Adds a caller's request, whatever became of it; an operator's change is none. The name of a model that there is not
/// (404 before any upstream) is left out, since callers could make up any number of them.
void add_to(usage_sums& sums, const audit_record& record);

/// Sums up for a report.
class usage_report {
 public:
  explicit usage_report(const usage_query& query);

  /// The first hour that counts, and the first after it that does not.
  std::chrono::sys_time<std::chrono::hours> from() const { return from_; }
  std::chrono::sys_time<std::chrono::hours> to() const { return to_; }
  /// Adds what the query asks for, and leaves the rest out.
  void add(const usage_place& place, const usage_count& count);
  /// In the order of the groups' names. Without groups it is one row, even when nothing was used.
  usage_rows rows() const;

 private:
  // Tenant, key, model, upstream, day; empty where it was not asked for.
  using group = std::tuple<std::string, std::string, std::string, std::string, std::string>;

  bool wants(usage_group what) const;

  usage_query query_;
  std::chrono::sys_time<std::chrono::hours> from_;
  std::chrono::sys_time<std::chrono::hours> to_;
  std::map<group, usage_count> groups_;
};

} // namespace gateway
