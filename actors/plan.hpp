#pragma once

#include "actors/interfaces.hpp"

#include <functional>
#include <vector>

namespace gateway {

/// What the supervisor builds: how each actor is started, and how many there are of it. A factory is called
/// again whenever its actor has died; it returns an actor that rebuilds its state from storage.
struct plan {
  std::function<ledger_actor()> ledger;
  std::function<audit_actor()> audit;
  std::function<audit_reader_actor()> audit_reader;
  std::function<keys_actor()> keys;
  std::vector<std::function<quota_actor()>> quota;
  std::vector<std::function<auth_actor()>> auth;
  std::vector<std::function<chat_upstream_actor()>> chat_upstream;
  std::vector<std::function<acceptor_actor()>> acceptors;
};

} // namespace gateway
