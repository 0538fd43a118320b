#include "http/endpoints/admin_usage.hpp"

#include "http/endpoints/admin_audit.hpp"
#include "http/endpoints/usage_json.hpp"
#include "runtime/ask.hpp"

#include <utility>

namespace gateway {

task<void> show_usage(exchange& talk) {
  const auto query = read_usage_query(talk.asked);
  if (!query) co_return co_await talk.refuse(query.error());
  auto seen = co_await catch_up(talk);
  if (!seen) co_return co_await talk.refuse(std::move(seen.error()));
  auto rows = co_await ask(talk.house.people->audit_reader, usage_atom::value, *query);
  if (!rows) co_return co_await talk.refuse(std::move(rows.error()));
  const auto body = to_json(*rows, query->group_by);
  co_await talk.reply.send(200, "application/json",
                           body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

} // namespace gateway
