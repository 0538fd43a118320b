#include "tests/acceptance/gateway_fixture.hpp"

#include "config/topology.hpp"
#include "http/house.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace gateway {
namespace {

using nlohmann::json;

json parsed(const http_response& answer, int expected) {
  if (answer.status != expected) throw std::runtime_error(answer.status_line + " " + answer.body);
  return answer.json();
}

route to_one(target only) {
  route way;
  way.targets.push_back(std::move(only));
  return way;
}

} // namespace

gateway_fixture::gateway_fixture() {
  settings.listen.port = 0;
  settings.admin.token = secret("operators-only");
  settings.storage.directory = data_.path();
  settings.storage.gateway_db = data_.file("gateway.db");
  settings.storage.audit_db = data_.file("audit.db");
  settings.topology.workers = 2;
  settings.upstreams["echo"] = upstream_spec{};
  settings.models["echo"] = to_one({.upstream = "echo", .model = {}});
  settings.default_model = "echo";
}

gateway_fixture::~gateway_fixture() { close(); }

upstream_spec& gateway_fixture::add_upstream(const std::string& base_url) {
  auto& spec = settings.upstreams["provider"];
  spec.kind = upstream_kind::openai;
  spec.base_url = parse_base_url(base_url).value();
  spec.api_keys = {secret("provider-secret")};
  spec.timeouts = settings.timeouts.upstream;
  spec.breaker = {.consecutive_failures = 0, .error_rate = 0};
  settings.models["gpt"] = to_one({.upstream = "provider", .model = "provider-model"});
  settings.models["gpt"].retries = 0;
  return spec;
}

void gateway_fixture::open() {
  auto what = settings;
  what.topology = resolved(what.topology, what.topology.workers);
  auto kept = open_stores(what.storage, what.audit.chain_key);
  if (!kept) throw std::runtime_error(kept.error().message);
  if (change_stores) change_stores(*kept);
  auto opened = house::open(std::move(what), std::move(*kept));
  if (!opened) throw std::runtime_error(opened.error().message);
  house_ = std::move(*opened);
}

void gateway_fixture::close() { house_.reset(); }

void gateway_fixture::reopen() {
  close();
  open();
}

std::uint16_t gateway_fixture::port() const { return house_->port(); }

http_response gateway_fixture::call(std::string_view method, std::string_view target, header_list headers,
                                    std::string_view body) const {
  return http_client(port()).call(method, target, std::move(headers), body);
}

http_response gateway_fixture::admin(std::string_view method, std::string_view target, std::string_view body) const {
  return call(method, target, {{"X-Admin-Token", settings.admin.token.reveal()}}, body);
}

http_response gateway_fixture::admin_as(const std::string& token, std::string_view method, std::string_view target,
                                        std::string_view body) const {
  return call(method, target, {{"X-Admin-Token", token}}, body);
}

json gateway_fixture::make_key(const json& fields) const {
  return parsed(admin("POST", "/admin/keys", fields.dump()), 201);
}

http_response gateway_fixture::complete(const std::string& key, std::string_view body) const {
  return call("POST", "/v1/chat/completions", with_key(key), body);
}

http_response gateway_fixture::chat(const std::string& key, const std::string& message) const {
  return call("POST", "/chat", with_key(key), json{{"message", message}}.dump());
}

json gateway_fixture::audit(const std::string& tenant, const std::string& more) const {
  auto requests = json::array();
  const auto target = "/admin/audit?tenant_id=" + tenant + more;
  for (auto& each : parsed(admin("GET", target), 200))
    if (each.at("admin").is_null()) requests.push_back(std::move(each));
  return requests;
}

json gateway_fixture::changes(const std::string& tenant) const {
  auto made = json::array();
  for (auto& each : parsed(admin("GET", "/admin/audit?limit=1000&tenant_id=" + tenant), 200))
    if (!each.at("admin").is_null()) made.push_back(std::move(each));
  return made;
}

json gateway_fixture::wait_for_record(const std::string& request_id, const std::string& tenant) const {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end)
    if (auto found = audit(tenant, "&request_id=" + request_id); !found.empty()) return found.at(0);
  throw std::runtime_error("there is no record of " + request_id);
}

json gateway_fixture::wait_for_records(std::size_t count, const std::string& tenant) const {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end)
    if (auto found = audit(tenant, "&limit=1000"); found.size() >= count) return found;
  throw std::runtime_error("there are fewer than " + std::to_string(count) + " records");
}

json gateway_fixture::usage(const json& key) const {
  const auto path = "/admin/keys/" + key.at("key_id").get<std::string>() + "/usage";
  return parsed(admin("GET", path), 200).at("limits");
}

json gateway_fixture::upstream_status() const {
  for (const auto& each : parsed(admin("GET", "/admin/upstreams"), 200))
    if (each.at("upstream") == "provider") return each;
  throw std::runtime_error("there is no upstream 'provider'");
}

header_list with_key(const std::string& key) { return {{"Authorization", "Bearer " + key}}; }

std::string chat_body(std::string_view model, bool stream) {
  const nlohmann::ordered_json message{{"role", "user"}, {"content", "hi"}};
  auto body = nlohmann::ordered_json::object();
  body["model"] = model;
  body["messages"].push_back(message);
  if (stream) body["stream"] = true;
  return body.dump();
}

} // namespace gateway
