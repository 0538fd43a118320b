#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>

namespace gateway {

/// Counts who has yet to confirm what, and says once of each thing when nobody is left to wait for.
class confirmations {
 public:
  using id = std::uint64_t;
  using party = std::uint64_t;
  /// Told whether everybody confirmed.
  using answer = std::function<void(bool)>;

  confirmations() = default;
  confirmations(const confirmations&) = delete;
  confirmations& operator=(const confirmations&) = delete;
  /// What is still open ends unconfirmed.
  ~confirmations();

  /// Something that `waiting` have to confirm; with nobody in it, it is confirmed at once.
  id open(std::set<party> waiting, answer then);
  void confirm(id what, party who) { close(what, who, true); }
  /// Who will not confirm in time, or refused to.
  void give_up(id what, party who) { close(what, who, false); }
  /// Who is gone counts as if it had never been asked.
  void forget(party who);

 private:
  struct question {
    std::set<party> waiting;
    answer then;
    bool all_confirmed = true;
  };

  void close(id what, party who, bool confirmed);

  std::map<id, question> open_;
  id last_ = 0;
};

} // namespace gateway
