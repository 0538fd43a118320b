#include "http/endpoints/models.hpp"

#include "domain/principal.hpp"
#include "http/journey/credentials.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

/// OpenAI's model object. `created` is required there; a name in a config has no such moment.
ordered_json model_object(const std::string& name, const route& way) {
  return {{"id", name}, {"object", "model"}, {"created", 0}, {"owned_by", way.targets.front().upstream}};
}

} // namespace

task<void> list_models(exchange& talk) {
  const auto who = co_await authenticate(talk);
  if (!who) co_return co_await talk.refuse(who.error());
  auto data = ordered_json::array();
  // A pattern such as `openai/*` is no model that could be asked for.
  for (const auto& [name, way] : talk.house.routes->routes())
    if (name.find('*') == std::string::npos && may_use(**who, name)) data.push_back(model_object(name, way));
  const ordered_json list{{"object", "list"}, {"data", std::move(data)}};
  co_await talk.reply.send(200, "application/json", list.dump());
}

task<void> show_model(exchange& talk) {
  const auto who = co_await authenticate(talk);
  if (!who) co_return co_await talk.refuse(who.error());
  const auto found = talk.house.routes->find(talk.parameter);
  const bool allowed = found && (may_use(**who, talk.parameter) || may_use(**who, found->model));
  if (!allowed)
    co_return co_await talk.refuse(
        fail(ec::not_found, "there is no such model; GET /v1/models lists them", "model").value());
  const auto text =
      model_object(talk.parameter, *found->entry).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  co_await talk.reply.send(200, "application/json", text);
}

} // namespace gateway
