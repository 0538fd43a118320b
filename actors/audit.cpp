#include "actors/audit.hpp"

#include "actors/answer.hpp"

#include <caf/response_promise.hpp>

#include <utility>

namespace gateway {

audit_self::behavior_type audit(audit_self::stateful_pointer<audit_state> self, std::shared_ptr<audit_store> store,
                                std::size_t batch) {
  self->state.log.emplace(std::move(store), batch);
  return {
      [self](record_atom, audit_entries& entries) -> caf::result<void> {
        std::vector<audit_record> records;
        for (auto& each : entries)
          if (each.what == audit_entry::phase::settled) records.push_back(std::move(each.record));
        auto& log = *self->state.log;
        auto promise = self->make_response_promise();
        if (!log.is_pending()) self->send(self, next_atom::value);
        log.add(std::move(records), [promise](const result<void>& written) mutable {
          if (written)
            promise.deliver(caf::unit);
          else
            promise.deliver(to_error(written.error()));
        });
        return promise;
      },
      [self](commit_atom) -> caf::result<void> {
        self->state.log->commit_all();
        return caf::unit;
      },
      [self](ping_atom) { return to_answer(self->state.log->check()); },
      [self](next_atom) {
        auto& log = *self->state.log;
        if (log.is_pending()) log.commit_group();
        if (log.is_pending()) self->send(self, next_atom::value);
      },
  };
}

} // namespace gateway
