#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

namespace gateway {
namespace {

using nlohmann::json;

/// A request id for each chat, so that its record can be told from the others.
http_response chat_as(const gateway_fixture& gateway, const std::string& key, const std::string& id,
                      const std::string& body = R"({"message":"hi"})") {
  return gateway.call("POST", "/chat", {{"X-API-Key", key}, {"X-Request-ID", id}}, body);
}

std::vector<std::string> ids_of(const json& records) {
  std::vector<std::string> ids;
  for (const auto& each : records) ids.push_back(each.at("request_id"));
  return ids;
}

TEST_CASE("a record says who asked for what, where it went, and what it used", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key();
  const auto before = wall_clock_now();
  const auto answer = chat_as(gateway, key.at("key"), "mine");
  const auto after = wall_clock_now();
  const auto record = gateway.wait_for_record("mine");
  std::set<std::string> names;
  for (const auto& [name, value] : record.items()) names.insert(name);
  for (const auto* wanted :
       {"id",       "created_at",    "request_id",        "tenant_id",      "key_id",           "endpoint",
        "method",   "model",         "upstream",          "upstream_model", "status",           "error_code",
        "stream",   "prompt_tokens", "completion_tokens", "usage_source",   "latency_ms",       "ttft_ms",
        "attempts", "sequence",      "cost_usd",          "cached_tokens",  "reasoning_tokens", "counted",
        "admin",    "change"})
    CHECK(names.contains(wanted));
  CHECK(record.at("id").get<std::string>().size() == 36);
  CHECK(record.at("tenant_id") == "acme");
  CHECK(record.at("key_id") == key.at("key_id"));
  CHECK(record.at("endpoint") == "/chat");
  CHECK(record.at("method") == "POST");
  CHECK(record.at("model") == "echo");
  CHECK(record.at("upstream") == "echo");
  CHECK(record.at("upstream_model") == "echo");
  CHECK(record.at("status") == 200);
  CHECK(record.at("error_code").is_null());
  CHECK(record.at("stream") == false);
  CHECK(record.at("ttft_ms").is_null());
  CHECK(record.at("attempts") == 1);
  CHECK(record.at("prompt_tokens") == answer.json().at("usage").at("prompt_tokens"));
  CHECK(record.at("completion_tokens") == answer.json().at("usage").at("completion_tokens"));
  CHECK(record.at("usage_source") == "provider");
  const auto text = record.at("created_at").get<std::string>();
  CHECK(text.size() == 24);
  CHECK(text.back() == 'Z');
  const auto created = from_rfc3339(text);
  REQUIRE(created);
  CHECK(*created >= before);
  CHECK(*created <= after);
}

TEST_CASE("refused requests are recorded too, with their tenant when it is known", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto key = gateway.make_key({{"tenant_id", "acme"}, {"quota_daily_requests", 1}, {"models", {"echo"}}});
  const auto secret = key.at("key").get<std::string>();
  CHECK(chat_as(gateway, secret, "served").status == 200);
  CHECK(chat_as(gateway, secret, "over").status == 429);
  CHECK(chat_as(gateway, secret, "broken", "{").status == 400);
  CHECK(chat_as(gateway, secret, "foreign", R"({"message":"hi","model":"gpt"})").status == 403);
  CHECK(chat_as(gateway, "gw_nobody", "unknown").status == 401);
  const auto record_of = [&](const std::string& id, int status, const std::string& code) {
    const auto record = gateway.wait_for_record(id);
    CHECK(record.at("status") == status);
    CHECK(record.at("error_code") == code);
    CHECK(record.at("key_id") == key.at("key_id"));
    CHECK(record.at("upstream").is_null());
    CHECK(record.at("attempts") == 0);
    CHECK(record.at("total_tokens") == 0);
  };
  record_of("over", 429, "PLATFORM_QUOTA_EXCEEDED");
  record_of("broken", 400, "PLATFORM_REQUEST_INVALID");
  record_of("foreign", 403, "PLATFORM_AUTH_FORBIDDEN");
  CHECK(gateway.wait_for_record("over").at("model") == "echo");
  CHECK(gateway.audit("acme", "&request_id=unknown").empty());
}

TEST_CASE("a tenant sees its own records only", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  chat_as(gateway, gateway.make_key({{"tenant_id", "acme"}}).at("key"), "a");
  chat_as(gateway, gateway.make_key({{"tenant_id", "other"}}).at("key"), "b");
  gateway.wait_for_record("a");
  gateway.wait_for_record("b", "other");
  CHECK(ids_of(gateway.audit("acme")) == std::vector<std::string>{"a"});
  CHECK(ids_of(gateway.audit("other")) == std::vector<std::string>{"b"});
  CHECK(gateway.audit("nobody") == json::array());
}

TEST_CASE("records are found by key, status, model, request and time", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.models["copy"] = gateway.settings.models["echo"];
  gateway.open();
  const auto one = gateway.make_key();
  const auto two = gateway.make_key();
  chat_as(gateway, one.at("key"), "r1");
  chat_as(gateway, two.at("key"), "r2", R"({"message":"hi","model":"copy"})");
  chat_as(gateway, two.at("key"), "r3", R"({"message":"hi","model":"none"})");
  gateway.wait_for_records(3);
  const auto found = [&](const std::string& more) {
    auto ids = ids_of(gateway.audit("acme", more));
    return std::set<std::string>(ids.begin(), ids.end());
  };
  using names = std::set<std::string>;
  CHECK(found("") == names{"r1", "r2", "r3"});
  CHECK(found("&key_id=" + two.at("key_id").get<std::string>()) == names{"r2", "r3"});
  CHECK(found("&status=404") == names{"r3"});
  CHECK(found("&status=0").empty());
  CHECK(found("&status=200") == names{"r1", "r2"});
  CHECK(found("&model=copy") == names{"r2"});
  CHECK(found("&request_id=r1") == names{"r1"});
  CHECK(found("&status=200&model=copy&request_id=r1").empty());
  const auto middle = gateway.audit("acme", "&request_id=r2").at(0).at("created_at").get<std::string>();
  CHECK(found("&from=" + middle).contains("r2"));
  CHECK_FALSE(found("&to=" + middle).contains("r2"));
  CHECK(found("&from=2000-01-01T00:00:00Z&to=2000-01-02T00:00:00Z").empty());
  CHECK(found("&from=2000-01-01T00%3A00%3A00%2B02%3A00") == names{"r1", "r2", "r3"});
}

TEST_CASE("records are read page by page, newest first", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.topology.workers = 1;
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  std::vector<std::string> sent;
  for (int i = 0; i < 7; ++i) {
    sent.insert(sent.begin(), "r" + std::to_string(i));
    chat_as(gateway, key, sent.front());
  }
  gateway.wait_for_records(7);
  CHECK(ids_of(gateway.audit()) == sent);
  std::vector<std::string> seen;
  int pages = 0;
  for (std::string page = "/admin/audit?tenant_id=acme&limit=3&status=200"; !page.empty(); ++pages) {
    const auto answer = gateway.admin("GET", page);
    for (const auto& id : ids_of(answer.json())) seen.push_back(id);
    const auto link = answer.header("Link");
    page = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    chat_as(gateway, key, "later"); // What comes in the meantime moves no page.
    REQUIRE(pages < 4);
  }
  CHECK(seen == sent);
  CHECK(pages == 3);
}

TEST_CASE("an audit query that makes no sense is refused, and told why", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  const auto refusal = [&](const std::string& query) {
    return check_failure(gateway.admin("GET", "/admin/audit" + query), 400, "PLATFORM_REQUEST_INVALID");
  };
  CHECK(refusal("").at("message") == "tenant_id is required");
  CHECK(refusal("?tenant_id=").at("details") == json{{"tenant_id", "required"}});
  for (const auto* bad :
       {"limit=0", "limit=1001", "limit=-1", "limit=ten", "limit=1.5", "limit=99999999999999999999", "status=1",
        "status=99", "status=ok", "from=yesterday", "to=2026-02-30T00:00:00Z", "cursor=x", "cursor=0"}) {
    INFO(bad);
    const std::string text = bad;
    CHECK(refusal("?tenant_id=acme&" + text).at("param") == text.substr(0, text.find('=')));
  }
  const auto all = refusal("?limit=0&from=x&to=y").at("details");
  CHECK(all.size() == 4);
  for (const auto* good : {"&limit=1", "&limit=1000", "&limit="})
    CHECK(gateway.admin("GET", std::string("/admin/audit?tenant_id=acme") + good).status == 200);
}

} // namespace
} // namespace gateway
