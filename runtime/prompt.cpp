#include "runtime/prompt.hpp"

#include "runtime/worker.hpp"

namespace gateway {

bool handled_at_once(caf::execution_unit* where, caf::scheduled_actor& whose, caf::mailbox_element& message) {
  auto* const here = worker::current();
  return here != nullptr && here == where && here->run_now(whose, message);
}

} // namespace gateway
