#include "actors/audit.hpp"

#include "actors/answer.hpp"

#include <caf/response_promise.hpp>

#include <utility>

namespace gateway {
namespace {

using pointer = secluded_pointer<audit_self, audit_state>;

/// A journal that has grown by less is left alone when somebody asks for the log.
constexpr std::uint64_t worth_shortening = std::uint64_t{1} << 16;

void wake_index(pointer self, std::chrono::milliseconds later) {
  if (std::exchange(self->state.index_is_due, true)) return;
  if (later.count() == 0)
    self->send(self, index_atom::value);
  else
    self->delayed_send(self, later, index_atom::value);
}

/// Whether it can take entries: it knows what the journal holds, and the log is not too far behind.
result<void> check_room(pointer self, const audit_settings& how) {
  auto& index = *self->state.index;
  if (auto known = index.rebuild(); !known) return known;
  if (index.waiting() <= how.queue) return {};
  return tl::unexpected(unavailable("the audit log does not keep up; try again in a moment"));
}

result<void> check(pointer self, const audit_settings& how, audit_store& log) {
  if (auto room = check_room(self, how); !room) return room;
  if (auto journal = self->state.commits->check(); !journal) return journal;
  return log.check();
}

/// Brings everything as far as it can get.
result<void> commit_all(pointer self, std::uint64_t growth) {
  auto& index = *self->state.index;
  if (auto known = index.rebuild(); !known) return known;
  self->state.commits->commit_all();
  return index.write_all(growth);
}

void commit_next(pointer self, const audit_settings& how) {
  auto& commits = *self->state.commits;
  auto& index = *self->state.index;
  if (commits.is_pending()) commits.commit_group();
  if (!index.fails() && index.is_long())
    index.write_all(how.journal_bytes);
  else if (!index.fails() && index.waiting() >= how.batch)
    index.write_batch();
  if (commits.is_pending()) self->send(self, next_atom::value);
  if (index.waiting() > 0) wake_index(self, index.fails() ? how.retry : how.idle);
}

void write_next(pointer self, const audit_settings& how) {
  auto& index = *self->state.index;
  self->state.index_is_due = false;
  const auto known = index.rebuild();
  // One batch at a time: a commit that came in the meantime goes first.
  if (known) index.write_batch();
  if (!known || index.fails())
    wake_index(self, how.retry);
  else if (index.waiting() > 0)
    wake_index(self, {});
  else if (index.is_long())
    index.write_all(how.journal_bytes);
}

} // namespace

audit_self::behavior_type audit(pointer self, std::shared_ptr<audit_store> log, std::shared_ptr<audit_journal> journal,
                                audit_settings how) {
  self->state.index.emplace(log, journal, how);
  self->state.upkeep.emplace(log, how.keep, how.clock);
  self->state.commits.emplace(std::move(journal), *self->state.index, how);
  self->set_exit_handler([self](caf::exit_msg& end) {
    commit_all(self, 0);
    self->quit(end.reason);
  });
  // What a life before this one left behind.
  wake_index(self, {});
  if (self->state.upkeep->is_due()) self->delayed_send(self, audit_upkeep::after_start, trim_atom::value);
  return {
      [self, how](record_atom, audit_batch_ptr& entries) -> caf::result<void> {
        if (auto room = check_room(self, how); !room) return to_error(room.error());
        auto& commits = *self->state.commits;
        auto promise = self->make_response_promise();
        if (!commits.is_pending()) self->send(self, next_atom::value);
        commits.add(std::move(entries), [promise](const result<void>& written) mutable {
          if (written)
            promise.deliver(caf::unit);
          else
            promise.deliver(to_error(written.error()));
        });
        return promise;
      },
      [self](commit_atom) { return to_answer(commit_all(self, worth_shortening)); },
      [self, how, log](ping_atom) { return to_answer(check(self, how, *log)); },
      [self, how](next_atom) { commit_next(self, how); },
      [self, how](index_atom) { write_next(self, how); },
      [self](trim_atom) { self->delayed_send(self, self->state.upkeep->trim(), trim_atom::value); },
  };
}

} // namespace gateway
