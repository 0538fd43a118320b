#pragma once

#include "domain/audit_record.hpp"
#include "tests/storage/samples.hpp"

namespace gateway {

/// A request of this number, from 0, that may use 500 tokens and so many millionths of a dollar.
inline audit_entry admitted(int number, micro_dollars cost = 7000) {
  audit_entry entry{audit_entry::phase::admitted, sample_record(number), {500, cost}};
  entry.record.status = 0;
  entry.record.usage.completion_tokens = 0;
  return entry;
}

/// The same request when it has ended.
inline audit_entry settled(int number) { return {audit_entry::phase::settled, sample_record(number), {}}; }

} // namespace gateway
