#include "actors/audit_reader.hpp"

#include "actors/answer.hpp"

namespace gateway {

audit_reader_actor::behavior_type audit_reader(audit_reader_actor::stateful_pointer<audit_reader_state>,
                                               std::shared_ptr<audit_view> log) {
  return {
      [log](query_atom, const audit_query& query) { return to_answer(log->read(query)); },
      [log](usage_atom, const usage_query& query) { return to_answer(log->usage(query)); },
  };
}

} // namespace gateway
