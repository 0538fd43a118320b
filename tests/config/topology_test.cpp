#include "config/topology.hpp"

#include "tests/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using Catch::Matchers::Contains;
using gateway::testing::load;

TEST_CASE("a count of zero is one worker a core and one replica a worker") {
  const auto all = resolved({}, 8);
  CHECK(all.workers == 8);
  CHECK(all.auth_replicas == 8);
  CHECK(all.chat_upstream_replicas == 8);
  CHECK(all.quota_shards == 4);

  topology_spec some;
  some.workers = 3;
  some.auth_replicas = 1;
  CHECK(resolved(some, 8).workers == 3);
  CHECK(resolved(some, 8).auth_replicas == 1);
  CHECK(resolved(some, 8).chat_upstream_replicas == 3);
}

TEST_CASE("a machine that does not know its cores has one") { CHECK(resolved({}, 0).workers == 1); }

TEST_CASE("check tells where everything is and goes and never a secret") {
  const auto loaded = load(R"({
    "listen": { "host": "::1", "port": 9000 },
    "admin": { "token": "a-secret-token" },
    "topology": { "workers": 2, "quota": { "shards": 7 } },
    "upstreams": { "far": { "kind": "openai", "base_url": "https://api.example.com/v1", "api_key": "sk-secret",
                            "timeouts": { "first_token_s": 0.25 } },
                   "near": { "kind": "openai", "base_url": "http://127.0.0.1:11434" } },
    "models": { "big/*": { "targets": [ { "upstream": "far", "model": "*" } ] },
                "both": { "targets": [ { "upstream": "near", "model": "small", "weight": 3 }, { "upstream": "far" } ],
                          "retries": 1, "fallbacks": ["big/one"], "price": { "input": 0.15, "output": 0.6 } } },
    "default_model": "both" })");
  REQUIRE(loaded.has_value());
  const auto text = describe_topology(*loaded, 16);
  CHECK_THAT(text, Contains("http://[::1]:9000"));
  CHECK_THAT(text, Contains("quota                7   shards by tenant"));
  CHECK_THAT(text, Contains("auth                 2"));
  CHECK_THAT(text, Contains("https://api.example.com/v1, api key set, 256 connections, queue of 1024 for 10s"));
  CHECK_THAT(text, Contains("first token 0.25s"));
  CHECK_THAT(text, Contains("http://127.0.0.1:11434, no api key"));
  CHECK_THAT(text, Contains("far as *; retries 2"));
  CHECK_THAT(text, Contains("near as small (weight 3), far (weight 1); weighted; retries 1; then big/one; $0.15 in"));
  CHECK_THAT(text, Contains("-> both"));
  CHECK_THAT(text, Contains("data/gateway.db"));
  CHECK_THAT(text, Contains("32 MiB, header 16 KiB"));
  CHECK_THAT(text, !Contains("secret"));
}

TEST_CASE("check says what state the admin token is in") {
  CHECK_THAT(describe_topology(config{}, 1), Contains("the default one, for loopback only"));
  config closed;
  closed.admin.token = secret();
  CHECK_THAT(describe_topology(closed, 1), Contains("none: the admin endpoints are closed"));
}

TEST_CASE("check tells of TLS, proxies, breakers, aliases and what is dangerous") {
  const gateway::testing::scratch_directory files;
  files.write("any.pem", "secret");
  const auto loaded = load(R"({
    "listen": { "port": 8443, "tls": { "certificate_file": "${AT}/any.pem", "key_file": "${AT}/any.pem",
                                       "client_ca_file": "${AT}/any.pem", "client_certificates": "required" } },
    "timeouts": { "stream_keepalive_s": 15 },
    "upstreams": { "far": { "kind": "openai", "base_url": "https://api.example.com/v1",
                            "api_keys": ["secret-1", "secret-2", "secret-3"], "insecure_skip_verify": true,
                            "https_proxy": "http://user:secret@proxy:3128" },
                   "near": { "kind": "openai", "base_url": "https://near/v1", "ca_file": "${AT}/any.pem",
                             "breaker": { "error_rate": 0.25, "open_s": 5 } } },
    "models": { "m": { "targets": [ { "upstream": "far" } ], "context_window_fallbacks": ["n"], "aliases": ["o", "p"] },
                "n": { "targets": [ { "upstream": "near" } ] } } })",
                           {{"AT", files.path().string()}});
  REQUIRE(loaded.has_value());
  const auto text = describe_topology(*loaded, 1);
  const auto pem = (files.path() / "any.pem").string();
  CHECK_THAT(text, Contains("https://127.0.0.1:8443"));
  CHECK_THAT(text, Contains(pem + "; callers' are required, signed by " + pem));
  CHECK_THAT(text, Contains("3 api keys"));
  CHECK_THAT(text, Contains("through the proxy proxy:3128"));
  CHECK_THAT(text, Contains("WARNING: insecure_skip_verify"));
  CHECK_THAT(text, Contains("trusts " + pem));
  CHECK_THAT(text,
             Contains("breaker opens for 5s after 5 failures in a row or 25% of at least 20 calls failing in 30s"));
  CHECK_THAT(text, Contains("far; retries 2; prompts too long to n; also called o, p"));
  CHECK_THAT(text, Contains("after 0.25s to 5s, or what the upstream asks for up to 10s; at most 20% more calls"));
  CHECK_THAT(text, Contains("a comment every 15s"));
  CHECK_THAT(text, !Contains("secret"));
  CHECK_THAT(describe_topology(config{}, 1), !Contains("breaker") && !Contains("certificates"));
}
