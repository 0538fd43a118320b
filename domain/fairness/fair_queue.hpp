#pragma once

#include "domain/text_hash.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway {

/// Who waits for something scarce, in the order of deficit round robin over tenants (Shreedhar and Varghese 1995,
/// https://doi.org/10.1145/217382.217453): a tenant's turn is worth `quantum`, what it does not spend it keeps for its
/// next turn, as long as it has somebody waiting. Of one tenant who came first is first.
///
/// Of two tenants that have both been waiting since the same moment, neither is served more than `quantum` and one
/// largest cost ahead of the other; over any stretch, `quantum` and two. A step takes time in proportion to the tenants
/// that wait, however many entries and however large their costs. A tenant without entries leaves nothing behind.
class fair_queue {
  struct flow;

 public:
  /// One who waits. It must leave (`remove`) before it ends, unless it was taken.
  class entry : public boost::intrusive::list_base_hook<> {
   public:
    entry() = default;
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;
    ~entry() = default;

   private:
    friend class fair_queue;
    flow* in_ = nullptr;
    std::int64_t cost_ = 0;
  };

  /// In the unit of the costs; at least 1.
  explicit fair_queue(std::uint64_t quantum);

  /// Behind the tenant's others. A cost of 0 counts as 1.
  void add(entry& who, std::string_view tenant, std::uint64_t cost);
  /// Nothing, where it is not in the queue.
  void remove(entry& who);
  /// The next one, which is no longer in the queue; null when it is empty.
  entry* take();
  /// The same among tenants that `may` says yes to; the others keep their place. Null when there is none.
  entry* take_if(const std::function<bool(std::string_view tenant)>& may);

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// How many of this tenant wait, and how many tenants do.
  std::size_t waiting(std::string_view tenant) const;
  std::size_t tenants() const { return flows_.size(); }

 private:
  struct flow : boost::intrusive::list_base_hook<> {
    std::string_view tenant; ///< Its key in `flows_`.
    boost::intrusive::list<entry> entries;
    std::int64_t deficit = 0;

    bool can_pay() const { return entries.front().cost_ <= deficit; }
  };

  entry* serve(flow& from);
  void leave(flow& from, entry& who);
  void skip_rounds();

  std::int64_t quantum_;
  std::size_t size_ = 0;
  std::unordered_map<std::string, flow, text_hash, std::equal_to<>> flows_;
  boost::intrusive::list<flow> ring_; ///< The first one has its turn, and its quantum for it.
};

} // namespace gateway
