#pragma once

#include "domain/fairness/place_share.hpp"
#include "domain/fairness/tenant_mix.hpp"
#include "domain/text_hash.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace gateway {

/// A bounded number of places, of which a tenant gets no more than its share once they become scarce (`may_take`). An
/// eighth is kept for tenants that have less than that, unless one tenant has been alone for a minute.
class tenant_places {
 public:
  using time_point = tenant_mix::time_point;

  /// One place; its end gives it back. The places must outlive it.
  class place {
   public:
    place(place&& other) noexcept : from_(std::exchange(other.from_, nullptr)), mine_(other.mine_) {}
    place& operator=(place&&) = delete;
    ~place() {
      if (from_ != nullptr) from_->give_back(*mine_);
    }

   private:
    friend class tenant_places;
    place(tenant_places& from, std::size_t& mine) : from_(&from), mine_(&mine) {}
    tenant_places* from_;
    std::size_t* mine_;
  };

  explicit tenant_places(std::size_t most) : most_(most) {}
  tenant_places(const tenant_places&) = delete;
  tenant_places& operator=(const tenant_places&) = delete;

  /// Nothing: every place is taken, or the tenant has its share.
  std::optional<place> take(std::string_view tenant, time_point now);

  std::size_t taken() const { return taken_; }
  /// How many this tenant has, and how many tenants have any.
  std::size_t held_by(std::string_view tenant) const;
  std::size_t tenants() const { return active_; }
  /// Whether more than one tenant has come within the last minute.
  bool several(time_point now) const { return mix_.several(now); }
  /// How many tenants are remembered: those with places, and a few more.
  std::size_t remembered() const { return counts_.size(); }

 private:
  std::size_t& count_of(std::string_view tenant);
  void give_back(std::size_t& mine);

  std::size_t most_;
  std::size_t taken_ = 0;
  std::size_t active_ = 0; ///< Tenants that have a place.
  tenant_mix mix_;
  std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>> counts_; ///< Also some that have none now.
};

} // namespace gateway
