#pragma once

#include "tests/acceptance/child_process.hpp"
#include "tests/acceptance/http_client.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gateway {

/// The built binary, as a program of its own with a config file and data of its own.
struct program_fixture {
  program_fixture() {
    const char* path = std::getenv("GATEWAY_BINARY");
    if (path == nullptr) throw std::runtime_error("GATEWAY_BINARY must name the built llm-gateway");
    binary = path;
    write_config(nlohmann::json::object());
  }

  /// A config that listens on any port, with these keys besides.
  void write_config(const nlohmann::json& more) {
    nlohmann::json config{{"listen", {{"port", 0}}},
                          {"admin", {{"token", "operators-only"}}},
                          {"storage", {{"directory", directory.file("data")}}},
                          {"topology", {{"workers", 2}}},
                          {"upstreams", {{"echo", {{"kind", "echo"}}}}},
                          {"models", {{"echo", {{"targets", {{{"upstream", "echo"}}}}}}}},
                          {"default_model", "echo"}};
    config.update(more, true);
    write(config.dump());
  }
  void write(const std::string& text) { std::ofstream(file) << text; }

  finished_process run_once(const std::string& command, const child_process::variables& more = {}) const {
    return run({binary, command, "--config", file}, more);
  }

  /// Starts it, and waits until it listens.
  void start(const child_process::variables& more = {}) {
    program.emplace(std::vector<std::string>{binary, "serve", "--config", file}, more);
    const auto where = program->wait_for("listening on http://127.0.0.1:");
    port = static_cast<std::uint16_t>(std::stoul(where));
  }

  http_response call(const std::string& method, const std::string& target, header_list headers = {},
                     const std::string& body = {}) const {
    return http_client(port).call(method, target, std::move(headers), body);
  }
  http_response admin(const std::string& method, const std::string& target, const std::string& body = {}) const {
    return call(method, target, {{"X-Admin-Token", "operators-only"}}, body);
  }
  nlohmann::json make_key() const { return admin("POST", "/admin/keys", R"({"tenant_id":"acme"})").json(); }
  http_response chat(const nlohmann::json& key) const {
    return call("POST", "/chat", {{"X-API-Key", key.at("key")}}, R"({"message":"a private message"})");
  }

  temporary_directory directory;
  std::string file = directory.file("gateway.json");
  std::string binary;
  std::optional<child_process> program;
  std::uint16_t port = 0;
};

} // namespace gateway
