#pragma once

#include "tests/simulation/dice.hpp"
#include "tests/simulation/model.hpp"
#include "tests/simulation/outbox.hpp"
#include "tests/simulation/process.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::simulation {

/// What the callers of one process share.
struct surroundings {
  process& in;
  model& counted;
  outbox& records;
  dice& random;
  clocks time;
  std::function<void(const std::string&)> note; ///< For the trace.
  std::chrono::milliseconds hold_lifetime{};
  bool may_exceed = false; ///< More may be used than was held.
  bool may_forget = false; ///< A hold may be left to its deadline.
};

/// One request, as the walk takes it: reserve, write down as admitted, work, perhaps extend, settle. It may leave
/// at any moment; what is answered after that is given back.
class caller : public std::enable_shared_from_this<caller> {
 public:
  caller(surroundings& world, std::string name, principal_ptr who, quota_amount wanted);

  void begin();
  /// Whatever it does next, as chance says.
  void go_on();
  /// Only what leads to its end.
  void finish();
  bool has_ended() const { return stage_ == stage::ended; }
  /// It waits for an answer longer than anybody does.
  bool is_impatient() const { return waits() && world_.time.steady() - waits_since_ >= patience; }
  void leave();

 private:
  enum class stage { waiting_for_hold, waiting_for_log, working, waiting_for_more, ended };
  static constexpr std::chrono::seconds patience{10};
  /// What it tells a shard may be under way for some time, though never that long.
  static constexpr std::chrono::seconds longest_way{15};

  bool waits() const { return stage_ == stage::waiting_for_hold || stage_ == stage::waiting_for_more; }
  void on_hold(const claim_ptr& asked, const result<reservation>& answer);
  void on_more(const claim_ptr& asked, const result<reservation>& answer);
  void extend();
  void settle();
  void release();
  void forget();
  audit_record record(bool counted, const quota_amount& used) const;
  quota_amount held() const;
  void close(bool counted, const quota_amount& used, bool told);
  bool is_sure() const;
  bool is_in_time(const claim& held) const;

  surroundings& world_;
  std::string name_;
  principal_ptr who_;
  quota_amount wanted_;
  stage stage_ = stage::waiting_for_hold;
  timestamp waits_since_{}; ///< On the steady clock.
  timestamp started_at_{};
  quota_actor shard_;
  hold_id hold_ = 0;
  std::vector<claim_ptr> claims_; ///< The hold, then what it was extended by.
  bool extension_unsure_ = false; ///< An extension was asked for and never heard of.
  std::uint64_t admission_ = 0;
};

} // namespace gateway::simulation
