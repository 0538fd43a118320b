#pragma once

#include "domain/audit_record.hpp"

namespace gateway {

/// Calls `each` with every text of a record but its id, in the order in which they are stored.
template <class Record, class Each>
void each_text(Record& record, const Each& each) {
  for (auto* text :
       {&record.request_id, &record.tenant_id, &record.key_id, &record.endpoint, &record.method, &record.model,
        &record.upstream, &record.upstream_model, &record.error_code, &record.admin, &record.change})
    each(*text);
}

} // namespace gateway
