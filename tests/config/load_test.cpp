#include "config/load.hpp"

#include "tests/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;
using gateway::testing::complaints_of;
using gateway::testing::lines;
using gateway::testing::load;
using gateway::testing::variables;

TEST_CASE("an empty object is a gateway that echoes on loopback") {
  const auto loaded = load("{}");
  REQUIRE(loaded.has_value());
  CHECK(loaded->listen.host == "127.0.0.1");
  CHECK(loaded->listen.port == 8080);
  CHECK(loaded->admin.token.reveal() == "dev-admin-token");
  CHECK(loaded->storage.gateway_db == "data/gateway.db");
  CHECK(loaded->storage.audit_db == "data/audit.db");
  REQUIRE(loaded->upstreams.size() == 1);
  CHECK(loaded->upstreams.at("echo").kind == upstream_kind::echo);
  REQUIRE(loaded->models.size() == 1);
  CHECK(loaded->models.at("echo").targets.at(0).upstream == "echo");
  CHECK(loaded->default_model == "echo");
  CHECK(loaded->quota_defaults == daily_quota{1000, 200000});
  CHECK(loaded->log.level == log_level::info);
}

TEST_CASE("the config that is shipped runs as it is") {
  const auto shipped = load_config("config/gateway.json", variables());
  REQUIRE(shipped.has_value());
  const auto empty = load("{}");
  REQUIRE(empty.has_value());
  CHECK(shipped->listen.port == empty->listen.port);
  CHECK(shipped->timeouts.client.idle == empty->timeouts.client.idle);
  CHECK(shipped->limits.buffered_bytes == empty->limits.buffered_bytes);
  CHECK(shipped->topology.audit.queue == empty->topology.audit.queue);
  CHECK(shipped->default_model == "echo");
}

TEST_CASE("the example with a real provider is valid without and with its key") {
  REQUIRE(load_config("config/example.openai.json", variables()).has_value());
  const auto loaded = load_config("config/example.openai.json", variables({{"OPENAI_API_KEY", "sk-1"}}));
  REQUIRE(loaded.has_value());
  const auto& openai = loaded->upstreams.at("openai");
  CHECK(openai.api_keys.at(0).reveal() == "sk-1");
  CHECK(openai.base_url == base_url{true, "api.openai.com", 443, "/v1"});
  CHECK(openai.timeouts.first_token == 20s);
  CHECK(loaded->upstreams.at("local").base_url == base_url{false, "127.0.0.1", 11434, "/v1"});
  CHECK(loaded->models.at("openai/*").targets.at(0).model == "*");
}

TEST_CASE("every key of the contract is taken over") {
  const auto loaded = load(R"({
    "listen": { "host": "::1", "port": 0 },
    "storage": { "directory": "/var/lib/gateway", "audit_file": "/mnt/audit.db" },
    "topology": { "workers": 3, "auth": { "replicas": 2 }, "quota": { "shards": 5 }, "chat_upstream": { "replicas": 1 },
                  "audit": { "queue": 100, "batch": 10, "durability": "strict" } },
    "limits": { "connections": 11, "in_flight": 12, "request_bytes": 1300, "header_bytes": 1400,
                "buffered_bytes": 1500000 },
    "timeouts": { "header_s": 1, "body_s": 2, "idle_s": 3, "drain_s": 4, "connect_s": 0.25, "first_byte_s": 5,
                  "first_token_s": 6, "between_tokens_s": 7, "total_s": 8 },
    "upstreams": { "u": { "kind": "openai", "base_url": "http://h/v1", "api_key": "k", "connections": 9,
                          "timeouts": { "total_s": 1.5 } } },
    "models": { "m": { "targets": [ { "upstream": "u", "model": "n", "weight": 2, "priority": 3 } ],
                       "strategy": "least_busy", "retries": 4, "fallbacks": ["o"], "context_window_fallbacks": ["o"], "aliases": ["n"], "max_output_tokens": 50,
                       "price": { "input": 1.5, "output": 2.5, "cached_input": 0.5 } },
                "o": { "targets": [ { "upstream": "u" } ], "price": { "input": 3 } } },
    "default_model": "m",
    "quota_defaults": { "daily_requests": 6, "daily_tokens": 7 },
    "log": { "level": "warn" } })");
  REQUIRE(loaded.has_value());
  CHECK(loaded->listen.host == "::1");
  CHECK(loaded->listen.port == 0);
  CHECK(loaded->storage.gateway_db == "/var/lib/gateway/gateway.db");
  CHECK(loaded->storage.audit_db == "/mnt/audit.db");
  CHECK(loaded->topology.workers == 3);
  CHECK(loaded->topology.auth_replicas == 2);
  CHECK(loaded->topology.quota_shards == 5);
  CHECK(loaded->topology.chat_upstream_replicas == 1);
  CHECK(loaded->topology.audit.queue == 100);
  CHECK(loaded->topology.audit.batch == 10);
  CHECK(loaded->topology.audit.durability == audit_durability::strict);
  CHECK(loaded->limits.connections == 11);
  CHECK(loaded->limits.in_flight == 12);
  CHECK(loaded->limits.request_bytes == 1300);
  CHECK(loaded->limits.header_bytes == 1400);
  CHECK(loaded->limits.buffered_bytes == 1500000);
  const auto& client = loaded->timeouts.client;
  CHECK(std::vector{client.header, client.body, client.idle, client.drain} ==
        std::vector<std::chrono::milliseconds>{1s, 2s, 3s, 4s});
  const auto& upstream = loaded->upstreams.at("u");
  CHECK(upstream.kind == upstream_kind::openai);
  CHECK(upstream.api_keys.at(0).reveal() == "k");
  CHECK(upstream.connections == 9);
  const auto& calls = upstream.timeouts;
  CHECK(std::vector{calls.connect, calls.first_byte, calls.first_token, calls.between_tokens, calls.total} ==
        std::vector<std::chrono::milliseconds>{250ms, 5s, 6s, 7s, 1500ms});
  const auto& entry = loaded->models.at("m");
  CHECK(entry.targets.at(0).model == "n");
  CHECK(entry.targets.at(0).weight == 2);
  CHECK(entry.targets.at(0).priority == 3);
  CHECK(entry.how == strategy::least_busy);
  CHECK(entry.retries == 4);
  CHECK(entry.fallbacks == lines{"o"});
  CHECK(entry.context_window_fallbacks == lines{"o"});
  CHECK(entry.aliases == lines{"n"});
  CHECK(entry.max_output_tokens == 50);
  CHECK(entry.cost.value().input == 1'500'000);
  CHECK(entry.cost.value().output == 2'500'000);
  CHECK(entry.cost.value().cached_input == 500'000);
  CHECK(loaded->models.at("o").cost.value().cached_input == 3'000'000);
  CHECK(loaded->default_model == "m");
  CHECK(loaded->quota_defaults == daily_quota{6, 7});
  CHECK(loaded->log.level == log_level::warn);
}

TEST_CASE("all complaints come at once with their places") {
  CHECK(complaints_of(R"({
    "listen": { "hots": "127.0.0.1", "port": 65536 },
    "lissten": {},
    "admin": { "token": 12345 },
    "topology": { "quota": { "shards": 0 }, "audit": { "durability": "grupped" } },
    "timeouts": { "connect_s": 0, "total_s": "600" },
    "upstreams": { "far": { "kind": "openai", "base_url": "${BASE_URL}" }, "odd": { "knd": "echo" } },
    "models": { "m": { "targets": [ 5, { "upstream": "fra", "weight": -1 } ], "retries": 1.5, "price": { "input": -1 } },
                "n": { "targets": [] } },
    "default_model": "none",
    "quota_defaults": { "daily_requests": 0 } })") ==
        lines{
            R"(/admin/token: must be a string, is number)",
            R"(/default_model: no entry under models matches this name; known are: m, n)",
            R"(/lissten: unknown key; did you mean "listen"?)",
            R"(/listen/hots: unknown key; did you mean "host"?)",
            R"(/listen/port: must be between 0 and 65535)",
            R"(/models/m/price/input: must be between 0 and 1000000)",
            R"(/models/m/retries: must be a whole number, has a fraction)",
            R"(/models/m/targets/0: must be an object, is number)",
            R"(/models/m/targets/1/upstream: no upstream has this name; did you mean "far"?)",
            R"(/models/m/targets/1/weight: must be between 0 and 1000000)",
            R"(/models/n/targets: must not be empty)",
            R"(/quota_defaults/daily_requests: must be between 1 and 1000000000000000)",
            R"(/timeouts/connect_s: must be between 0.001 and 86400)",
            R"(/timeouts/total_s: must be a number, is string)",
            R"(/topology/audit/durability: must be one of async, grouped, strict)",
            R"(/topology/quota/shards: must be between 1 and 1024)",
            R"(/upstreams/far/base_url: the environment variable BASE_URL is not set)",
            R"(/upstreams/odd/kind: is missing)",
            R"(/upstreams/odd/knd: unknown key; did you mean "kind"?)",
        });
}

TEST_CASE("a part that cannot be read is complained of once and not for what follows from it") {
  CHECK(complaints_of(R"({ "upstreams": [], "models": { "m": { "targets": [ { "upstream": "u" } ] } } })") ==
        lines{"/upstreams: must be an object, is array"});
  CHECK(complaints_of(R"({ "models": 5, "default_model": "m" })") == lines{"/models: must be an object, is number"});
  CHECK(complaints_of(R"({ "models": { "m": null, "n": { "targets": [ { "upstream": "echo" } ], "fallbacks": ["m"] } },
                           "default_model": "m" })") == lines{"/models/m: must be an object, is null"});
}

TEST_CASE("substitution works in every string and its failures have a place") {
  const auto loaded = load(R"({ "listen": { "host": "${HOST:-localhost}" }, "admin": { "token": "${TOKEN}" } })",
                           {{"TOKEN", "secret-${TOKEN}"}});
  REQUIRE(loaded.has_value());
  CHECK(loaded->listen.host == "localhost");
  CHECK(loaded->admin.token.reveal() == "secret-${TOKEN}");
  CHECK(complaints_of(R"({ "models": { "m": { "targets": [ { "upstream": "${A}" } ], "fallbacks": ["${B}"] } } })") ==
        lines{"/models/m/fallbacks/0: the environment variable B is not set",
              "/models/m/targets/0/upstream: the environment variable A is not set"});
}

TEST_CASE("a secret file is found next to the config file") {
  const gateway::testing::scratch_directory directory;
  directory.write("token.txt", "from-a-file\n");
  const auto file = directory.write("gateway.json", R"({ "admin": { "token": "${file:token.txt}" } })");
  const auto loaded = load_config(file, variables());
  REQUIRE(loaded.has_value());
  CHECK(loaded->admin.token.reveal() == "from-a-file");
}

TEST_CASE("a config file that is not there is one complaint with its name") {
  const auto loaded = load_config("config/none.json", variables());
  REQUIRE_FALSE(loaded.has_value());
  CHECK(to_string(loaded.error()) == "config/none.json: cannot be read: No such file or directory\n");
}

TEST_CASE("a syntax error has a line and a column") {
  CHECK(complaints_of("{\n  \"listen\": { \"port\": 8080, }\n}") ==
        lines{"line 2, column 29: syntax error while parsing object key - unexpected '}'; expected string literal"});
}

TEST_CASE("a key that is there twice is refused") {
  CHECK(complaints_of(R"({ "listen": { "port": 1, "port": 2 } })") == lines{"/listen/port: the key is there twice"});
}
