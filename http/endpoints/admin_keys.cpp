#include "http/endpoints/admin_keys.hpp"

#include "http/endpoints/key_json.hpp"
#include "http/endpoints/query.hpp"
#include "runtime/ask.hpp"

#include <memory>
#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

task<void> answer(exchange& talk, int status, const ordered_json& body) {
  co_await talk.reply.send(status, "application/json",
                           body.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

const daily_quota& defaults_of(const exchange& talk) { return talk.house.settings.quota_defaults; }

result<key_query> query_of(const request& asked) {
  query_fields fields(asked);
  key_query query;
  query.tenant_id = fields.text("tenant_id");
  query.after = fields.text("cursor").value_or("");
  query.limit = static_cast<std::uint32_t>(fields.number("limit", 1, 1000).value_or(100));
  if (auto why = fields.finish()) return tl::unexpected(std::move(*why));
  return query;
}

ordered_json to_json(const limit_balance& balance) {
  return {{"limit", balance.limit},
          {"used", balance.used},
          {"held", balance.held},
          {"remaining", balance.remaining()},
          {"resets_at", to_rfc3339(balance.resets_at)}};
}

ordered_json to_json(const principal& who, const limit_balances& balances) {
  auto limits = ordered_json::object();
  for (const auto& balance : balances) limits[std::string(to_string(balance.kind))] = to_json(balance);
  return {{"key_id", who.key_id}, {"tenant_id", who.tenant_id}, {"limits", std::move(limits)}};
}

} // namespace

task<void> create_key(exchange& talk) {
  auto wanted = read_new_key(talk.asked, defaults_of(talk));
  if (!wanted) co_return co_await talk.refuse(std::move(wanted.error()));
  auto issued = co_await ask(talk.house.people->keys, create_atom::value, std::move(*wanted), talk.now());
  if (!issued) co_return co_await talk.refuse(std::move(issued.error()));
  talk.reply.add_header("Location", "/admin/keys/" + issued->record.who.key_id);
  co_await answer(talk, 201, to_json(issued->record, issued->key.reveal()));
}

task<void> list_keys(exchange& talk) {
  auto query = query_of(talk.asked);
  if (!query) co_return co_await talk.refuse(std::move(query.error()));
  auto page = co_await ask(talk.house.people->keys, list_atom::value, std::move(*query));
  if (!page) co_return co_await talk.refuse(std::move(page.error()));
  auto list = ordered_json::array();
  for (const auto& record : page->keys) list.push_back(to_json(record));
  if (page->next) talk.reply.add_header("Link", next_link(talk.asked, *page->next));
  co_await answer(talk, 200, list);
}

task<void> show_key(exchange& talk) {
  auto found = co_await ask(talk.house.people->keys, find_atom::value, talk.parameter);
  if (!found) co_return co_await talk.refuse(std::move(found.error()));
  co_await answer(talk, 200, to_json(*found));
}

task<void> change_key(exchange& talk) {
  auto changes = read_key_changes(talk.asked, defaults_of(talk));
  if (!changes) co_return co_await talk.refuse(std::move(changes.error()));
  auto changed =
      co_await ask(talk.house.people->keys, update_atom::value, talk.parameter, std::move(*changes), talk.now());
  if (!changed) co_return co_await talk.refuse(std::move(changed.error()));
  co_await answer(talk, 200, to_json(*changed));
}

task<void> delete_key(exchange& talk) {
  auto gone = co_await ask(talk.house.people->keys, erase_atom::value, talk.parameter);
  if (!gone) co_return co_await talk.refuse(std::move(gone.error()));
  co_await talk.reply.send(204, {}, {});
}

task<void> rotate_key(exchange& talk) {
  auto grace = read_grace(talk.asked);
  if (!grace) co_return co_await talk.refuse(std::move(grace.error()));
  auto issued = co_await ask(talk.house.people->keys, rotate_atom::value, talk.parameter, *grace, talk.now());
  if (!issued) co_return co_await talk.refuse(std::move(issued.error()));
  co_await answer(talk, 200, to_json(issued->record, issued->key.reveal()));
}

task<void> show_key_usage(exchange& talk) {
  auto found = co_await ask(talk.house.people->keys, find_atom::value, talk.parameter);
  if (!found) co_return co_await talk.refuse(std::move(found.error()));
  const auto who = std::make_shared<const principal>(found->who);
  auto balances =
      co_await ask(talk.house.people->quota_of(who->tenant_id), balance_atom::value, principal_ptr(who), talk.now());
  if (!balances) co_return co_await talk.refuse(std::move(balances.error()));
  co_await answer(talk, 200, to_json(*who, *balances));
}

} // namespace gateway
