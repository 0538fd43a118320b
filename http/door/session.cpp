#include "http/door/session.hpp"

#include "domain/api_key.hpp"
#include "http/endpoints/dispatch.hpp"
#include "http/exchange.hpp"
#include "http/log.hpp"
#include "http/wire/status.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace gateway {
namespace {

/// The caller's own id, if it is 1-128 characters of `[A-Za-z0-9._-]`; else one of ours.
std::string request_id_of(const request& asked) {
  const auto given = asked.header("x-request-id");
  const bool usable = !given.empty() && given.size() <= 128 && std::all_of(given.begin(), given.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
  return usable ? std::string(given) : mint_request_id();
}

/// The session was ended from outside: Asio throws at the next co_await.
bool was_cut(const std::exception& error) {
  const auto* failed = dynamic_cast<const boost::system::system_error*>(&error);
  return failed && failed->code() == asio::error::operation_aborted;
}

/// Answers one request, which it takes away. Whether the connection can take another.
task<bool> serve(service& house, connection& peer, request& asked, caller_presence caller) {
  responder reply(peer, house.here.wheel(), house.limits.body,
                  {.request_id = request_id_of(asked),
                   .keep_alive = asked.keep_alive && !house.draining,
                   .http_1_0 = asked.is_http_1_0,
                   .head_only = asked.method() == "HEAD"});
  exchange talk(house, std::move(asked), reply, caller);
  std::string bug;
  try {
    co_await dispatch(talk);
  } catch (const std::exception& error) {
    if (was_cut(error)) throw;
    bug = error.what();
  }
  if (!bug.empty()) {
    log_event(log_level::error, "bug", {{"request_id", reply.request_id()}, {"what", bug}});
    co_await talk.refuse(fail(ec::internal_error, "something went wrong inside the gateway").value());
  }
  co_return reply.can_continue() && !house.draining;
}

/// Says why the connection's bytes were not a request.
task<void> turn_away(service& house, connection& peer, failure why) {
  responder reply(peer, house.here.wheel(), house.limits.body, {.request_id = mint_request_id(), .keep_alive = false});
  log_event(log_level::info, "refused",
            {{"request_id", reply.request_id()}, {"code", to_string(why.code)}, {"reason", why.message}});
  house.counts.count_turned_away(http_status(why), to_string(why.code));
  co_await reply.refuse(why);
}

} // namespace

task<void> session(service& house, connection_ptr peer, asio::cancellation_signal& stop) {
  request_reader reader(*peer, house.here.wheel(), house.limits);
  const session_entry entry(house.sessions, *peer, reader, stop);
  while (true) {
    auto asked = co_await reader.next();
    if (asked && !*asked) co_return;
    if (!asked) {
      co_await turn_away(house, *peer, std::move(asked.error()));
      break;
    }
    const caller_presence caller{&reader, &stop};
    if (!co_await serve(house, *peer, **asked, caller)) break;
  }
  co_await reader.drop_rest();
}

void start_session(service& house, connection_ptr peer) {
  auto stop = std::make_shared<asio::cancellation_signal>();
  auto on_end = [stop](const std::exception_ptr& thrown) {
    if (!thrown) return;
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      if (!was_cut(error)) log_event(log_level::error, "bug", {{"what", error.what()}});
    }
  };
  asio::co_spawn(house.here.io().get_executor(), session(house, std::move(peer), *stop),
                 asio::bind_cancellation_slot(stop->slot(), std::move(on_end)));
}

} // namespace gateway
