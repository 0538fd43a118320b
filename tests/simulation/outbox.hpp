#pragma once

#include "domain/audit_record.hpp"
#include "storage/audit_batch.hpp"
#include "tests/simulation/process.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace gateway::simulation {

/// What the log must have of a request, whatever happens.
struct promised_record {
  bool settled = false; ///< Its end is committed, too.
  audit_record record;
};
using promised_records = std::map<std::string, promised_record>;

/// The entries of a process on their way to AUDIT: in order, and kept until it says that they are committed. What the
/// real outbox does with coroutines, as a state machine.
class outbox {
 public:
  outbox(process& in, promised_records& promised) : in_(in), promised_(promised) {}

  /// Its number: committed once `committed` has reached it.
  std::uint64_t add(audit_entry entry);
  std::uint64_t committed() const { return committed_; }
  bool is_empty() const { return waiting_.empty(); }
  /// Sends what waits, unless something is on its way already. Called when a schedule feels like it.
  void pump();

 private:
  void on_answer(bool went_well);

  process& in_;
  promised_records& promised_;
  std::deque<audit_entry> waiting_;
  audit_batch_ptr batch_; ///< What was sent last, until it is committed.
  std::uint64_t batches_ = 0;
  std::size_t sent_ = 0; ///< So many of the first ones are on their way.
  std::uint64_t added_ = 0;
  std::uint64_t committed_ = 0;
};

} // namespace gateway::simulation
