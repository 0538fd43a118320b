#include "http/endpoints/admin_keys.hpp"

#include "http/endpoints/admin_change.hpp"
#include "http/endpoints/key_json.hpp"
#include "http/endpoints/limits_json.hpp"
#include "http/endpoints/query.hpp"
#include "runtime/ask.hpp"

#include <memory>
#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

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

ordered_json to_json(const principal& who, const limit_balances& balances) {
  return {{"key_id", who.key_id},
          {"tenant_id", who.tenant_id},
          {"limits", to_json(balances, limit_scope::key)},
          {"tenant_limits", to_json(balances, limit_scope::tenant)}};
}

/// A key in the record of its change.
ordered_json shown(const key_record& record) {
  auto object = to_json(record);
  object.erase("key");
  return object;
}

/// Whom the record of a change is about.
void name(exchange& talk, const key_record& record) {
  talk.record.tenant_id = record.who.tenant_id;
  talk.record.key_id = record.who.key_id;
}

std::string text_of(const ordered_json& body) {
  return body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Refuses a change of the key in the path; its tenant finds the record.
task<void> refuse_change(exchange& talk, failure why) {
  talk.record.key_id = talk.parameter;
  const auto found = co_await ask(talk.house.people->keys, find_atom::value, talk.parameter);
  if (found) name(talk, *found);
  co_await talk.refuse(std::move(why));
}

} // namespace

task<void> create_key(exchange& talk) {
  auto wanted = read_new_key(talk.asked, defaults_of(talk));
  if (!wanted) co_return co_await talk.refuse(std::move(wanted.error()));
  talk.record.tenant_id = wanted->tenant_id;
  talk.record.key_id = wanted->key_id.value_or("");
  auto issued = co_await ask(talk.house.people->keys, create_atom::value, std::move(*wanted), talk.now());
  if (!issued) co_return co_await talk.refuse(std::move(issued.error()));
  const auto& made = issued->record;
  name(talk, made);
  talk.reply.add_header_on_success("Location", "/admin/keys/" + made.who.key_id);
  auto body = text_of(to_json(made, issued->key.reveal()));
  auto change = change_text(nullptr, shown(made));
  co_await answer_change(talk, std::move(change), 201, std::move(body));
}

task<void> list_keys(exchange& talk) {
  auto query = query_of(talk.asked);
  if (!query) co_return co_await talk.refuse(std::move(query.error()));
  auto page = co_await ask(talk.house.people->keys, list_atom::value, std::move(*query));
  if (!page) co_return co_await talk.refuse(std::move(page.error()));
  auto list = ordered_json::array();
  for (const auto& record : page->keys) list.push_back(to_json(record));
  if (page->next) talk.reply.add_header("Link", next_link(talk.asked, *page->next));
  co_await talk.reply.send(200, "application/json", text_of(list));
}

task<void> show_key(exchange& talk) {
  auto found = co_await ask(talk.house.people->keys, find_atom::value, talk.parameter);
  if (!found) co_return co_await talk.refuse(std::move(found.error()));
  co_await talk.reply.send(200, "application/json", text_of(to_json(*found)));
}

task<void> change_key(exchange& talk) {
  auto changes = read_key_changes(talk.asked, defaults_of(talk));
  if (!changes) co_return co_await refuse_change(talk, std::move(changes.error()));
  auto changed =
      co_await ask(talk.house.people->keys, update_atom::value, talk.parameter, std::move(*changes), talk.now());
  if (!changed) co_return co_await refuse_change(talk, std::move(changed.error()));
  name(talk, changed->now);
  auto body = text_of(to_json(changed->now));
  auto change = change_text(shown(changed->before), shown(changed->now));
  co_await answer_change(talk, std::move(change), 200, std::move(body));
}

task<void> delete_key(exchange& talk) {
  auto gone = co_await ask(talk.house.people->keys, erase_atom::value, talk.parameter);
  if (!gone) co_return co_await refuse_change(talk, std::move(gone.error()));
  name(talk, *gone);
  auto change = change_text(shown(*gone), nullptr);
  co_await answer_change(talk, std::move(change), 204, std::string());
}

task<void> rotate_key(exchange& talk) {
  auto grace = read_grace(talk.asked);
  if (!grace) co_return co_await refuse_change(talk, std::move(grace.error()));
  auto issued = co_await ask(talk.house.people->keys, rotate_atom::value, talk.parameter, *grace, talk.now());
  if (!issued) co_return co_await refuse_change(talk, std::move(issued.error()));
  name(talk, issued->record);
  auto body = text_of(to_json(issued->record, issued->key.reveal()));
  auto change = change_text(issued->before ? shown(*issued->before) : ordered_json(), shown(issued->record));
  co_await answer_change(talk, std::move(change), 200, std::move(body));
}

task<void> show_key_usage(exchange& talk) {
  auto found = co_await ask(talk.house.people->keys, find_atom::value, talk.parameter);
  if (!found) co_return co_await talk.refuse(std::move(found.error()));
  const auto who = std::make_shared<const principal>(found->who);
  auto balances =
      co_await ask(talk.house.people->quota_of(who->tenant_id), balance_atom::value, principal_ptr(who), talk.now());
  if (!balances) co_return co_await talk.refuse(std::move(balances.error()));
  co_await talk.reply.send(200, "application/json", text_of(to_json(*who, *balances)));
}

} // namespace gateway
