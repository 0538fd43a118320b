#include "http/endpoints/health.hpp"

#include "runtime/ask.hpp"

#include <chrono>
#include <utility>

namespace gateway {
namespace {

/// A store that takes longer than this to say that it is there is not.
constexpr std::chrono::milliseconds patience{2000};

task<result<void>> check_stores(service& house) {
  const auto people = house.people;
  if (auto keys = co_await ask_within(patience, people->keys, ping_atom::value); !keys) co_return keys;
  if (auto ledger = co_await ask_within(patience, people->ledger, ping_atom::value); !ledger) co_return ledger;
  co_return co_await ask_within(patience, people->audit, ping_atom::value);
}

} // namespace

task<void> show_health(exchange& talk) { co_await talk.reply.send(200, "application/json", R"({"ok":true})"); }

task<void> show_readiness(exchange& talk) {
  if (talk.house.draining) co_return co_await talk.refuse(unavailable("the gateway is shutting down"));
  auto stores = co_await check_stores(talk.house);
  if (!stores) {
    // Anyone may ask; what is wrong is for the log.
    auto why = unavailable("a store does not answer");
    why.note = std::move(stores.error().message);
    co_return co_await talk.refuse(std::move(why));
  }
  if (talk.house.outbox.full() || talk.house.outbox.failing())
    co_return co_await talk.refuse(unavailable("the audit log does not keep up"));
  co_await talk.reply.send(200, "application/json", R"({"ok":true})");
}

task<void> show_version(exchange& talk) {
  co_await talk.reply.send(200, "application/json", R"({"code":200,"msg":"success","data":"v)" GATEWAY_VERSION R"("})");
}

} // namespace gateway
