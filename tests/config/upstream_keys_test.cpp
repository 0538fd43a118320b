#include "tests/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;
using gateway::testing::complaints_of;
using gateway::testing::lines;
using gateway::testing::load;

namespace {

std::string upstream(const std::string& keys, const std::string& base_url = "https://h/v1") {
  return R"({ "upstreams": { "u": { "kind": "openai", "base_url": ")" + base_url + "\", " + keys +
         R"( } }, "models": { "m": { "targets": [ { "upstream": "u" } ] } } })";
}

std::vector<std::string> revealed(const std::vector<secret>& keys) {
  std::vector<std::string> out;
  out.reserve(keys.size());
  for (const auto& key : keys) out.push_back(key.reveal());
  return out;
}

lines api_keys_of(const std::string& keys) {
  const auto loaded = load(upstream(keys));
  REQUIRE(loaded.has_value());
  return revealed(loaded->upstreams.at("u").api_keys);
}

} // namespace

TEST_CASE("an upstream has one api key, several or none") {
  CHECK(api_keys_of(R"("api_key": "")").empty());
  CHECK(api_keys_of(R"("api_keys": [])").empty());
  CHECK(api_keys_of(R"("api_key": "a")") == lines{"a"});
  CHECK(api_keys_of(R"("api_keys": ["a", "b", "c"])") == lines{"a", "b", "c"});
  CHECK(api_keys_of(R"("api_key": "", "api_keys": ["a"])") == lines{"a"});
}

TEST_CASE("api keys that cannot be used are refused at their places without being shown") {
  CHECK(complaints_of(upstream(R"("api_key": "hunter2", "api_keys": ["hunter3"])")) ==
        lines{"/upstreams/u/api_keys: must not go together with api_key: put that key into the array"});
  CHECK(complaints_of(upstream(R"("api_keys": ["good", "", "hunter 2", 5])")) ==
        lines{"/upstreams/u/api_keys/1: must not be empty",
              "/upstreams/u/api_keys/2: must be visible ASCII characters only, so that a header can carry it",
              "/upstreams/u/api_keys/3: must be a string, is number"});
  CHECK(complaints_of(upstream(R"("api_keys": "hunter2")")) ==
        lines{"/upstreams/u/api_keys: must be an array of strings, is string"});
}

TEST_CASE("how long connections serve, whom they trust and their proxy are taken over") {
  const gateway::testing::scratch_directory files;
  const auto loaded = load(upstream(R"("queue": 7, "queue_s": 0.5, "idle_s": 1.5, "lifetime_s": 90, "ca_file": "${CA}",
                                       "insecure_skip_verify": true, "https_proxy": "http://u:p@[::1]:3128")"),
                           {{"CA", files.write("ca.pem", "").string()}});
  REQUIRE(loaded.has_value());
  const auto& to = loaded->upstreams.at("u");
  CHECK(to.queue == 7);
  CHECK(to.queue_for == 500ms);
  CHECK(to.idle == 1500ms);
  CHECK(to.lifetime == 90s);
  CHECK(to.trust.ca_file == files.path() / "ca.pem");
  CHECK(to.trust.insecure_skip_verify);
  CHECK(to.https_proxy.host == "::1");
  CHECK(to.https_proxy.port == 3128);
  CHECK(to.https_proxy.authorization.reveal() == "Basic dTpw");
}

TEST_CASE("an upstream's authority must be readable and its proxy a url, and both are for https") {
  CHECK(complaints_of(upstream(R"("ca_file": "none.pem")")) ==
        lines{"/upstreams/u/ca_file: cannot be read: No such file or directory"});
  CHECK(complaints_of(upstream(R"("https_proxy": "http://u:hunter2@proxy")")) ==
        lines{"/upstreams/u/https_proxy: must have a port, such as http://proxy.example.com:3128"});
  CHECK(complaints_of(upstream(R"("insecure_skip_verify": "yes")")) ==
        lines{"/upstreams/u/insecure_skip_verify: must be true or false, is string"});

  const auto* const all = R"("ca_file": "/dev/null", "insecure_skip_verify": true, "https_proxy": "http://proxy:3128")";
  CHECK(complaints_of(upstream(all)).empty());
  CHECK(complaints_of(upstream(all, "http://h/v1")) ==
        lines{"/upstreams/u/ca_file: is for a base_url that starts with https://",
              "/upstreams/u/https_proxy: is for a base_url that starts with https://",
              "/upstreams/u/insecure_skip_verify: is for a base_url that starts with https://"});
  CHECK(complaints_of(upstream(all, "h/v1")) == lines{"/upstreams/u/base_url: must start with http:// or https://"});
}

TEST_CASE("a breaker starts from its defaults and is taken over") {
  const auto standard = load(upstream(R"("breaker": {})"));
  REQUIRE(standard.has_value());
  CHECK(standard->upstreams.at("u").breaker.consecutive_failures == 5);
  CHECK(standard->upstreams.at("u").breaker.error_rate == 0.5);
  const auto loaded = load(upstream(R"("breaker": { "consecutive_failures": 0, "error_rate": 0.25, "min_calls": 7,
                                                    "window_s": 60, "open_s": 0.5 })"));
  REQUIRE(loaded.has_value());
  const auto& breaker = loaded->upstreams.at("u").breaker;
  CHECK(breaker.consecutive_failures == 0);
  CHECK(breaker.error_rate == 0.25);
  CHECK(breaker.min_calls == 7);
  CHECK(breaker.window == 60s);
  CHECK(breaker.open_for == 500ms);
  CHECK(complaints_of(upstream(R"("breaker": { "error_rate": 1.5, "min_calls": 0 })")) ==
        lines{"/upstreams/u/breaker/error_rate: must be between 0 and 1",
              "/upstreams/u/breaker/min_calls: must be between 1 and 1000000"});
}

TEST_CASE("how calls are repeated, the largest event and the comments in silent streams are taken over") {
  const auto loaded = load(R"({ "limits": { "event_bytes": 1024 }, "timeouts": { "stream_keepalive_s": 7.5 },
    "retry": { "base_delay_s": 1, "max_delay_s": 2, "max_wait_s": 3, "budget_ratio": 1, "budget_min_per_second": 0 } })");
  REQUIRE(loaded.has_value());
  CHECK(loaded->limits.event_bytes == 1024);
  CHECK(loaded->timeouts.client.stream_keepalive == 7500ms);
  const auto& retry = loaded->retry;
  CHECK(std::vector{retry.base_delay, retry.max_delay, retry.max_wait} ==
        std::vector<std::chrono::milliseconds>{1s, 2s, 3s});
  CHECK(retry.budget_ratio == 1);
  CHECK(retry.budget_min_per_second == 0);
}

TEST_CASE("the longest wait before a call is repeated is not shorter than the first") {
  CHECK(complaints_of(R"({ "retry": { "base_delay_s": 2, "max_delay_s": 1 } })") ==
        lines{"/retry/max_delay_s: must not be less than base_delay_s"});
  CHECK(complaints_of(R"({ "retry": { "base_delay_s": 2, "max_delay_s": 2 } })").empty());
}
