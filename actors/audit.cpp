#include "actors/audit.hpp"

#include "actors/answer.hpp"

#include <caf/response_promise.hpp>

#include <utility>

namespace gateway {

audit_self::behavior_type audit(audit_self::stateful_pointer<audit_state> self, std::shared_ptr<audit_store> store,
                                std::size_t batch) {
  self->state.log.emplace(std::move(store), batch);
  return {
      [self](record_atom, audit_records& records) -> caf::result<void> {
        auto& log = *self->state.log;
        auto promise = self->make_response_promise();
        if (!log.is_pending()) self->send(self, commit_atom::value);
        log.add(std::move(records), [promise](const result<void>& written) mutable {
          if (written)
            promise.deliver(caf::unit);
          else
            promise.deliver(to_error(written.error()));
        });
        return promise;
      },
      [self](query_atom, const audit_query& query) {
        self->state.log->commit_all();
        return to_answer(self->state.log->read(query));
      },
      [self](ping_atom) { return to_answer(self->state.log->check()); },
      [self](commit_atom) {
        auto& log = *self->state.log;
        if (log.is_pending()) log.commit_group();
        if (log.is_pending()) self->send(self, commit_atom::value);
      },
  };
}

} // namespace gateway
