#include "http/endpoints/admin_tenants.hpp"

#include "http/endpoints/admin_change.hpp"
#include "http/endpoints/limits_json.hpp"
#include "http/endpoints/tenant_json.hpp"
#include "runtime/ask.hpp"

#include <string>
#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

std::string text_of(const ordered_json& body) {
  return body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string change_of(const std::string& tenant_id, const changed_tenant& changed) {
  return change_text(changed.before ? to_json(tenant_id, *changed.before) : ordered_json(),
                     to_json(tenant_id, changed.now));
}

task<result<bool>> has_keys(exchange& talk) {
  key_query query;
  query.tenant_id = talk.parameter;
  query.limit = 1;
  auto page = co_await ask(talk.house.people->keys, list_atom::value, std::move(query));
  if (!page) co_return tl::unexpected(std::move(page.error()));
  co_return !page->keys.empty();
}

} // namespace

task<void> show_tenant(exchange& talk) {
  auto found = co_await ask(talk.house.people->keys, tenant_atom::value, talk.parameter);
  if (!found) co_return co_await talk.refuse(std::move(found.error()));
  if (!found->limits) {
    auto known = co_await has_keys(talk);
    if (!known) co_return co_await talk.refuse(std::move(known.error()));
    if (!*known) co_return co_await talk.refuse(fail(ec::not_found, "this tenant has neither limits nor keys").value());
  }
  const auto body = text_of(to_json(talk.parameter, found->limits.value_or(tenant_limits{})));
  co_await talk.reply.send(200, "application/json", body);
}

task<void> set_tenant(exchange& talk) {
  if (!is_plain_id(talk.parameter))
    co_return co_await talk.refuse(
        fail(ec::request_invalid, std::string("tenant_id: ") + plain_id_rule, "tenant_id").value());
  talk.record.tenant_id = talk.parameter;
  auto limits = read_tenant_limits(talk.asked);
  if (!limits) co_return co_await talk.refuse(std::move(limits.error()));
  auto changed = co_await ask(talk.house.people->keys, tenant_atom::value, talk.parameter, std::move(*limits));
  if (!changed) co_return co_await talk.refuse(std::move(changed.error()));
  auto body = text_of(to_json(talk.parameter, changed->now));
  auto change = change_of(talk.parameter, *changed);
  co_await answer_change(talk, std::move(change), 200, std::move(body));
}

} // namespace gateway
