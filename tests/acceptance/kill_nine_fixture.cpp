#include "tests/acceptance/kill_nine_fixture.hpp"

#include "domain/time.hpp"
#include "tests/acceptance/left_behind.hpp"

#include <catch2/catch.hpp>

#include <csignal>

namespace gateway {
namespace {

using nlohmann::json;

constexpr std::size_t open_keys = 2;
constexpr std::size_t keys_a_round = 3;
constexpr std::uint64_t plenty = 1'000'000'000;
/// A zone in which it is about noon, so that no day ends meanwhile.
std::string zone_at_noon() {
  const auto now = wall_clock_now();
  const auto hour = std::chrono::floor<std::chrono::hours>(now - day_of(now)).count();
  const auto ahead = 12 - hour;
  return ahead >= 0 ? "Etc/GMT-" + std::to_string(ahead) : "Etc/GMT+" + std::to_string(-ahead);
}

} // namespace

kill_nine_fixture::kill_nine_fixture(const std::string& durability) : provider_(150) {
  const json spec{{"kind", "openai"}, {"base_url", provider_.base_url()}, {"api_key", "provider-secret"}};
  const json model{
      {"targets", {{{"upstream", "provider"}}}}, {"retries", 0}, {"price", {{"input", 100}, {"output", 300}}}};
  write_config({{"topology", {{"audit", {{"durability", durability}}}, {"quota", {{"shards", shards}}}}},
                {"upstreams", {{"provider", spec}}},
                {"models", {{"gpt", model}}}});
  start();
  const json of_tenant{{"quota", {{"daily_requests", plenty}, {"daily_tokens", plenty}}},
                       {"time_zone", zone_at_noon()}};
  for (const auto& tenant : tenants) {
    REQUIRE(admin("PUT", "/admin/tenants/" + tenant, of_tenant.dump()).status == 200);
    make_key(tenant, {});
  }
}

void kill_nine_fixture::make_key(const std::string& tenant, json fields) {
  json all{{"tenant_id", tenant},
           {"time_zone", zone_at_noon()},
           {"quota_daily_requests", plenty},
           {"quota_daily_tokens", plenty}};
  if (!fields.is_null()) all.update(fields);
  const auto made = admin("POST", "/admin/keys", all.dump());
  INFO(made.body);
  REQUIRE(made.status == 201);
  keys_.push_back(made.json());
}

std::vector<load_until_killed::caller> kill_nine_fixture::callers(std::size_t round) const {
  std::vector<load_until_killed::caller> all;
  const auto add = [&](const json& key, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      all.push_back({"kill-" + std::to_string(round) + "-" + std::to_string(all.size()), key.at("key")});
  };
  for (std::size_t i = 0; i < open_keys; ++i) add(keys_[i], 4);
  for (auto i = keys_.size() - keys_a_round; i < keys_.size(); ++i) add(keys_[i], 2);
  return all;
}

void kill_nine_fixture::round(std::size_t number) {
  make_key("acme", {{"quota_daily_requests", 40}});
  make_key("globex", {{"quota_daily_tokens", 1000}});
  make_key("globex", {{"limits", {{"budget_usd_per_day", 0.2}}}});
  load_until_killed load(port, callers(number));
  wait_for_a_moment(load);
  program->send_signal(SIGKILL);
  CHECK(program->wait() == -SIGKILL);
  load.join();
  answers_.insert(load.answers().begin(), load.answers().end());
  const auto left = leases_left_behind(directory.file("data"));
  start();
  ++sums_.rounds;
  read_records();
  add_up();
  check_reached();
  check_answers();
  check_leases(left);
  for (const auto& key : keys_) check_limits(key);
  check_chain();
}

// Behind some hundreds of requests, at the instant when one reaches the upstream, when an answer begins, or when one
// has come whole.
void kill_nine_fixture::wait_for_a_moment(load_until_killed& load) {
  const auto count = 1 + random_() % 900;
  switch (random_() % 3) {
    case 0: return provider_.wait_for(provider_.reached().size() + count);
    case 1: return load.wait_for_begun(1 + count / 2);
    default: return load.wait_for_whole(count);
  }
}

} // namespace gateway
