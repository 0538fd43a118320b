#include "runtime/pinned.hpp"

#include "runtime/worker.hpp"

namespace gateway {

bool handled_at_once(caf::execution_unit* home, caf::scheduled_actor& whose, caf::mailbox_element& message) {
  auto* const here = worker::current();
  // Past an empty mailbox no message can be overtaken, and at home nobody else can make this actor run meanwhile.
  return here == home && whose.mailbox().blocked() && here->run_now(whose, message);
}

} // namespace gateway
