#include "http/house.hpp"
#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/load.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gateway {
namespace {

using nlohmann::json;

const std::vector<std::string> none;

struct victim {
  std::string name; ///< As the supervisor calls it.
  std::function<caf::actor(const roster&)> seat;
};

template <class Seat>
victim sole(const std::string& name, Seat seat) {
  return {name, [seat](const roster& people) { return caf::actor_cast<caf::actor>(people.*seat); }};
}

template <class Seats>
victim one_of(const std::string& name, Seats seats, std::size_t number) {
  return {name + " " + std::to_string(number),
          [=](const roster& people) { return caf::actor_cast<caf::actor>((people.*seats)[number]); }};
}

const std::vector<std::vector<victim>> everybody{
    {sole("ledger", &roster::ledger)},
    {sole("audit", &roster::audit)},
    {sole("keys", &roster::keys)},
    {one_of("quota", &roster::quota, 0), one_of("quota", &roster::quota, 1)},
    {one_of("auth", &roster::auth, 0), one_of("auth", &roster::auth, 1)},
    {one_of("chat_upstream", &roster::chat_upstream, 0), one_of("chat_upstream", &roster::chat_upstream, 1)},
    {one_of("acceptor", &roster::acceptors, 0), one_of("acceptor", &roster::acceptors, 1)},
};

/// A gateway of two workers and two shards before an upstream, and four tenants with a key each.
class kill_fixture : public gateway_fixture {
 public:
  kill_fixture() {
    add_upstream(provider.base_url());
    settings.topology.quota_shards = 2;
    open();
  }

  json make_key_for(const std::string& tenant, std::uint64_t requests) {
    return make_key({{"tenant_id", tenant}, {"quota_daily_requests", requests}, {"quota_daily_tokens", 1'000'000'000}});
  }

  /// Asks until it holds; every question is a round trip, and the test has failed when it takes too long.
  template <class Condition>
  void ask_until(const char* what, Condition holds) {
    const auto end = std::chrono::steady_clock::now() + 3 * patience;
    while (!holds()) {
      INFO("waiting for: " << what);
      if (std::chrono::steady_clock::now() > end) FAIL("it did not come in time");
      running().statuses();
    }
  }

  std::uint64_t restarts(const std::string& name) {
    for (const auto& each : running().statuses())
      if (each.name == name) return each.restarts;
    return 0;
  }

  void kill(const victim& who) {
    const auto handle = who.seat(*running().people());
    REQUIRE(handle);
    caf::anon_send_exit(handle, caf::exit_reason::kill);
  }

  /// Kills it in the midst of the load, and waits until it is back.
  void kill_under(load& callers, const victim& who, const json& key) {
    const auto before = restarts(who.name);
    go_on(callers, 20);
    kill(who);
    if (!who.name.starts_with("acceptor")) ask_as_operator(key);
    ask_until("its next life", [&] { return restarts(who.name) > before; });
  }

  /// Everybody whom an operator can ask answers, or the operator is told when to come again.
  void ask_as_operator(const json& key) {
    const auto path = "/admin/keys/" + key.at("key_id").get<std::string>();
    const http_response answers[] = {
        admin("POST", "/admin/keys", R"({"tenant_id":"another"})"),
        admin("PATCH", path, R"({"name":"mine"})"),
        admin("GET", path + "/usage"),
        admin("GET", "/admin/audit?tenant_id=t0&limit=1"),
        admin("GET", "/admin/upstreams"),
        call("GET", "/readyz"),
    };
    for (const auto& each : answers) CHECK_THAT(complaint_about(each), Catch::Matchers::Equals(""));
  }

  void go_on(load& callers, std::size_t more) {
    const auto enough = callers.served() + more;
    ask_until("requests that are served", [&] { return callers.served() >= enough || callers.active() == 0; });
  }

  /// Whether a request is served, and counts it then; a failure to connect is not.
  bool serves(const json& key) {
    try {
      const bool is_served = call("GET", "/readyz").status == 200 && complete(key.at("key"), chat_body()).status == 200;
      if (is_served) ++probes[key.at("key_id")];
      return is_served;
    } catch (const std::runtime_error&) {
      return false;
    }
  }

  /// The status in the record of every request whose id starts so; a request must not have two. Once closed.
  std::map<std::string, int> recorded(const std::string& prefix) {
    std::map<std::string, int> found;
    const auto log = open_sqlite_audit_store(settings.storage.audit_db);
    REQUIRE(log);
    audit_query everything;
    everything.limit = 1000;
    do {
      const auto page = (*log)->read(everything);
      REQUIRE(page);
      for (const auto& [sequence, each] : page->rows) {
        if (!each.request_id.starts_with(prefix)) continue;
        if (!found.emplace(each.request_id, each.status).second) FAIL_CHECK("recorded twice: " << each.request_id);
      }
      everything.before = page->next;
    } while (everything.before);
    return found;
  }

  scripted_upstream provider;
  std::map<std::string, std::uint64_t> probes; ///< By key_id: what was served outside of the load.
};

/// Where the log tells another tale than the callers; the first places. What was refused before any work, because too
/// many records waited, is in no log.
std::vector<std::string> differences(const std::map<std::string, int>& answered, std::map<std::string, int> recorded) {
  std::vector<std::string> found;
  for (const auto& [id, status] : answered) {
    const auto record = recorded.extract(id);
    if (!record && status == 200) found.push_back(id + " is not recorded");
    if (record && record.mapped() != status) found.push_back(id + " is recorded otherwise");
  }
  for (const auto& [id, status] : recorded) found.push_back(id + " was never answered");
  found.resize(std::min<std::size_t>(found.size(), 10));
  return found;
}

void check_no_complaints(const load& callers) {
  for (const auto& each : callers.complaints()) FAIL_CHECK(each);
}

TEST_CASE_METHOD(kill_fixture, "whoever is killed under load comes back, nobody hangs, and no count is lost",
                 "[acceptance]") {
  const auto& victims = everybody[GENERATE(range(std::size_t{0}, everybody.size()))];
  const auto& name = victims.front().name;
  INFO("killed: " << name);
  const bool is_door = name.starts_with("acceptor");
  std::vector<json> keys;
  std::vector<load_caller> callers;
  std::map<caf::actor_id, int> shards;
  for (const std::string tenant : {"t0", "t1", "t2", "t3"}) {
    keys.push_back(make_key_for(tenant, 1'000'000));
    callers.push_back({.name = "load-" + tenant, .key = keys.back().at("key"), .may_be_turned_away = is_door});
    ++shards[running().people()->quota_of(tenant)->id()];
  }
  REQUIRE(shards.size() == 2);

  load running_load(port(), callers);
  for (int round = 0; round < 5; ++round)
    for (const auto& each : victims) kill_under(running_load, each, keys.front());
  for (const auto& each : victims) kill(each); // All of them at once.
  for (const auto& each : victims) ask_until("its last life", [&] { return restarts(each.name) == 6; });
  for (const auto& key : keys) ask_until("service as usual", [&] { return serves(key); });
  go_on(running_load, 100);
  running_load.stop();
  check_no_complaints(running_load);
  for (const auto& key : keys) ask_until("an end of the rush", [&] { return serves(key); });
  for (int i = 0; i < 5; ++i)
    for (const auto& key : keys) CHECK(serves(key));
  CHECK(make_key_for("t0", 1).contains("key"));

  reopen();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto served = probes[keys[i].at("key_id")];
    for (const auto& [id, status] : running_load.answers())
      served += id.starts_with(callers[i].name + "-") && status == 200 ? 1 : 0;
    const auto used = usage(keys[i]).at("daily_requests").at("used").get<std::uint64_t>();
    INFO(callers[i].name);
    // Only who counts, and who keeps the count, may have to forfeit what was not handed out yet.
    if (name == "ledger" || name == "quota 0")
      CHECK((used >= served && used <= 1'000'000));
    else
      CHECK(used == served);
  }
  close();
  CHECK(differences(running_load.answers(), recorded("load-")) == none);
}

TEST_CASE_METHOD(kill_fixture, "however often QUOTA and the ledger are killed, a limit is never exceeded",
                 "[acceptance]") {
  constexpr std::uint64_t limit = 400;
  const auto& victims = everybody[GENERATE(std::size_t{0}, std::size_t{3})];
  const auto key = make_key_for("t0", limit);
  std::vector<load_caller> callers;
  for (const std::string number : {"0", "1", "2", "3"})
    callers.push_back({.name = "load-" + number, .key = key.at("key"), .may_run_out = true});

  load running_load(port(), callers);
  for (int round = 0; round < 3 && running_load.active() > 0; ++round)
    for (const auto& each : victims) kill_under(running_load, each, key);
  ask_until("the end of the quota", [&] { return running_load.active() == 0; });
  running_load.stop();
  check_no_complaints(running_load);
  CHECK(running_load.count(200) <= limit);
  CHECK(running_load.count(200) > 0);
  CHECK(running_load.count(429) == 4);

  reopen();
  const auto used = usage(key).at("daily_requests");
  CHECK(used.at("used") >= running_load.count(200));
  CHECK(used.at("used") <= limit);
  close();
  CHECK(differences(running_load.answers(), recorded("load-")) == none);
}

} // namespace
} // namespace gateway
