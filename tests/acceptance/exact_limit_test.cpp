#include "tests/acceptance/crowd.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace gateway {
namespace {

using nlohmann::json;
using statuses = std::map<int, std::size_t>;

constexpr std::size_t many = 2000;
constexpr std::size_t left = 1000;

/// A gateway whose echo answers everybody.
struct fixture {
  fixture() {
    gateway.settings.topology.quota_shards = 2;
    gateway.open();
  }

  std::string ask(const json& key) const {
    return request_text("POST", "/chat", with_key(key.at("key")), R"({"message":"hi","max_tokens":1})");
  }

  /// All at once, on connections that are there already; each caller with the next of these keys.
  statuses ask_all(const std::vector<json>& keys) const {
    return crowd(gateway.port(), many).ask([&](std::size_t number) { return ask(keys[number % keys.size()]); });
  }

  /// What one request costs in tokens, by its record.
  std::uint64_t tokens_of_one() const {
    const auto key = gateway.make_key({{"tenant_id", "trial"}});
    http_client caller(gateway.port());
    caller.send(ask(key));
    return caller.read_response().json().at("usage").at("total_tokens").get<std::uint64_t>();
  }

  json balance(const json& key, const std::string& limit) const { return gateway.usage(key).at(limit); }

  /// Once they are all written: how many records of the tenant have each status.
  statuses recorded() const {
    const auto end = std::chrono::steady_clock::now() + patience;
    statuses found;
    std::size_t count = 0;
    while (count < many && std::chrono::steady_clock::now() < end) {
      found.clear();
      count = 0;
      std::string cursor;
      do {
        const auto page = gateway.admin("GET", "/admin/audit?tenant_id=acme&limit=1000" + cursor);
        REQUIRE(page.status == 200);
        for (const auto& each : page.json()) {
          if (!each.at("admin").is_null()) continue; // The making of keys is recorded, too.
          ++found[each.at("status").get<int>()];
          ++count;
        }
        const auto link = page.header("Link");
        const auto at = link.find("cursor=");
        cursor = at == std::string::npos ? "" : "&" + link.substr(at, link.find_first_of("&>", at) - at);
      } while (!cursor.empty());
    }
    return found;
  }

  gateway_fixture gateway;
};

const statuses exactly{{200, left}, {429, many - left}};

TEST_CASE("of 2,000 requests at once on a key with 1,000 left exactly 1,000 are served", "[acceptance]") {
  fixture it;
  const auto key = it.gateway.make_key(
      {{"tenant_id", "acme"}, {"quota_daily_requests", left}, {"quota_daily_tokens", 1'000'000'000}});
  CHECK(it.ask_all({key}) == exactly);
  CHECK(it.balance(key, "daily_requests").at("used") == left);
  CHECK(it.balance(key, "daily_requests").at("held") == 0);
  CHECK(it.recorded() == exactly);
}

TEST_CASE("of 2,000 requests at once with tokens left for 1,000 exactly 1,000 are served", "[acceptance]") {
  fixture it;
  const auto one = it.tokens_of_one();
  const auto key = it.gateway.make_key(
      {{"tenant_id", "acme"}, {"quota_daily_requests", 1'000'000}, {"quota_daily_tokens", left * one}});
  CHECK(it.ask_all({key}) == exactly);
  const auto balance = it.balance(key, "daily_tokens");
  CHECK(balance.at("used") == left * one);
  CHECK(balance.at("held") == 0);
  CHECK(it.recorded() == exactly);
}

TEST_CASE("of 2,000 requests at once on four keys of a tenant with 1,000 left exactly 1,000 are served",
          "[acceptance]") {
  fixture it;
  REQUIRE(it.gateway.admin("PUT", "/admin/tenants/acme", json{{"quota", {{"daily_requests", left}}}}.dump()).status ==
          200);
  std::vector<json> keys;
  keys.reserve(4);
  for (int i = 0; i < 4; ++i)
    keys.push_back(it.gateway.make_key(
        {{"tenant_id", "acme"}, {"quota_daily_requests", 900}, {"quota_daily_tokens", 1'000'000'000}}));
  CHECK(it.ask_all(keys) == exactly);
  std::uint64_t used = 0;
  for (const auto& key : keys) used += it.balance(key, "daily_requests").at("used").get<std::uint64_t>();
  CHECK(used == left);
  CHECK(it.recorded() == exactly);
}

} // namespace
} // namespace gateway
