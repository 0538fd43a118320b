#pragma once

#include "config/config.hpp"
#include "tests/acceptance/http_client.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace gateway {

class house;
struct stores;

/// The whole gateway in this process, on a port of its own, with SQLite stores in a directory that goes with it. Out of
/// the box it has two workers and the models `echo` and, once there is an upstream, `gpt`.
class gateway_fixture {
 public:
  gateway_fixture();
  ~gateway_fixture();
  gateway_fixture(const gateway_fixture&) = delete;
  gateway_fixture& operator=(const gateway_fixture&) = delete;

  /// What the next `open` builds.
  config settings;
  /// What it puts in the place of the stores that it opened.
  std::function<void(stores&)> change_stores;
  /// Adds the upstream `provider`, without a breaker, and the model `gpt`, which it knows as `provider-model` and is
  /// not repeated.
  upstream_spec& add_upstream(const std::string& base_url);

  /// Opens the house over the data that is there; throws std::runtime_error with the reason when it cannot.
  void open();
  /// Drains, and lets everything go but the data.
  void close();
  void reopen();
  house& running() { return *house_; }
  std::uint16_t port() const;
  std::string data_directory() const { return data_.path(); }

  /// One request on a connection of its own.
  http_response call(std::string_view method, std::string_view target, header_list headers = {},
                     std::string_view body = {}) const;
  /// The same as an operator.
  http_response admin(std::string_view method, std::string_view target, std::string_view body = {}) const;
  /// The same with the token of another one.
  http_response admin_as(const std::string& token, std::string_view method, std::string_view target,
                         std::string_view body = {}) const;
  /// A new key, as `POST /admin/keys` answers; throws when it is refused.
  nlohmann::json make_key(const nlohmann::json& fields = {{"tenant_id", "acme"}}) const;
  /// A chat completion for this key; `body` is sent as it is.
  http_response complete(const std::string& key, std::string_view body) const;
  /// `POST /chat`, to the default model.
  http_response chat(const std::string& key, const std::string& message = "hi") const;

  /// The records of a tenant's requests, newest first; `more` is a piece of query such as `&status=429`.
  nlohmann::json audit(const std::string& tenant = "acme", const std::string& more = {}) const;
  /// The records of operators' calls.
  nlohmann::json changes(const std::string& tenant = "acme") const;
  /// Waits for the record of a request, which may come a moment after its answer.
  nlohmann::json wait_for_record(const std::string& request_id, const std::string& tenant = "acme") const;
  /// Waits until a tenant has that many records; newest first.
  nlohmann::json wait_for_records(std::size_t count, const std::string& tenant = "acme") const;
  /// What `/admin/keys/{id}/usage` says under `limits`.
  nlohmann::json usage(const nlohmann::json& key) const;
  /// What `/admin/upstreams` says of `provider`.
  nlohmann::json upstream_status() const;

 private:
  temporary_directory data_;
  std::unique_ptr<house> house_;
};

/// Headers with this key.
header_list with_key(const std::string& key);

/// A body for `/v1/chat/completions`, for the model `gpt`.
std::string chat_body(std::string_view model = "gpt", bool stream = false);

} // namespace gateway
