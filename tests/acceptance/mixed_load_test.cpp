#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// How a request goes; its id begins with the name.
constexpr std::array<std::string_view, 9> fates{"served", "streamed", "retried", "fallback",  "rejected",
                                                "broken", "timeout",  "left",    "leftstream"};
constexpr std::size_t each_fate = 23;

bool has_fate(const std::string& id, std::string_view fate) {
  return id.starts_with(fate) && id.at(fate.size()) == '-';
}

/// Statuses, each with its number of attempts.
using outcomes = std::set<std::pair<int, int>>;

/// Treats every request as its id says.
class fateful_upstream {
 public:
  void operator()(upstream_talk& talk) {
    const auto id = talk.asked.header("x-request-id");
    const bool first = note(id);
    const bool spare = json::parse(talk.asked.body).at("model") == "spare-model";
    if ((has_fate(id, "retried") && first) || (has_fate(id, "fallback") && !spare)) return answer_with(500, "{}")(talk);
    if (has_fate(id, "rejected")) return answer_with(400, R"({"error":{"message":"no"}})")(talk);
    if (has_fate(id, "streamed"))
      return stream_of({text_chunk("one"), finish_chunk(), usage_chunk(30, 20), "[DONE]"})(talk);
    if (has_fate(id, "timeout") || has_fate(id, "left")) return talk.wait_for_end();
    if (has_fate(id, "broken") || has_fate(id, "leftstream")) {
      talk.start_events();
      talk.send_event(text_chunk("one"));
      return has_fate(id, "broken") ? talk.reset() : talk.wait_for_end();
    }
    answer_with(200, completion("hello", 30, 20))(talk);
  }

 private:
  bool note(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return seen_.insert(id).second;
  }

  std::mutex mutex_;
  std::set<std::string> seen_;
};

struct mixed_fixture : gateway_fixture {
  mixed_fixture() {
    upstream.always([this](upstream_talk& talk) { fate(talk); });
    auto& spec = add_upstream(upstream.base_url());
    spec.timeouts.first_byte = 3s;
    auto& model = settings.models["gpt"];
    model.cost = price{1'000'000, 1'000'000, 1'000'000};
    model.fallbacks = {"spare"};
    settings.models["spare"] = model;
    settings.models["spare"].fallbacks = {};
    settings.models["spare"].targets[0].model = "spare-model";
    settings.models["spare"].cost = price{2'000'000, 2'000'000, 2'000'000};
    settings.upstreams["slow"] = spec;
    settings.upstreams["slow"].timeouts.first_byte = 50ms;
    settings.models["slow"] = settings.models["spare"];
    settings.models["slow"].targets[0].upstream = "slow";
    settings.models["again"] = settings.models["spare"];
    settings.models["again"].retries = 1;
    settings.retry.base_delay = 1ms;
    settings.retry.budget_ratio = 1;
    open();
    REQUIRE(admin("PUT", "/admin/tenants/acme",
                  R"({"quota":{"daily_requests":5000,"daily_tokens":5000000},"limits":{"requests_per_minute":5000,)"
                  R"("tokens_per_minute":5000000,"concurrent_requests":500,"budget_usd_per_month":500}})")
                .status == 200);
    key = make_key({{"tenant_id", "acme"},
                    {"quota_daily_tokens", 5'000'000},
                    {"limits",
                     {{"requests_per_minute", 5000},
                      {"tokens_per_minute", 5'000'000},
                      {"concurrent_requests", 500},
                      {"budget_usd_per_day", 500}}}});
  }

  void ask(std::string_view how, std::size_t number) {
    http_client caller(port());
    auto headers = with_key(key.at("key"));
    const auto id = std::string(how) + "-" + std::to_string(number);
    headers.emplace_back("X-Request-ID", id);
    const bool stream = how == "streamed" || how == "broken" || how == "leftstream";
    const auto* model = how == "timeout" ? "slow" : how == "retried" ? "again" : "gpt";
    caller.send(request_text("POST", "/v1/chat/completions", headers, chat_body(model, stream)));
    if (how == "left") return;
    const auto head = caller.read_head();
    if (how == "leftstream") return caller.reset();
    while (caller.read_event()) continue;
  }

  void check_limits(const json& limits, std::uint64_t requests, std::uint64_t tokens, double dollars) {
    for (const auto& [name, limit] : limits.items()) {
      INFO(name);
      CHECK(limit.at("held") == 0);
      if (name.find("requests") != std::string::npos && name != "concurrent_requests")
        CHECK(limit.at("used") == requests);
      if (name.find("tokens") != std::string::npos) CHECK(limit.at("used") == tokens);
      if (name.find("budget") != std::string::npos) CHECK(limit.at("used").get<double>() == Approx(dollars));
    }
  }

  fateful_upstream fate;
  scripted_upstream upstream;
  json key;
};

TEST_CASE_METHOD(mixed_fixture, "whatever becomes of requests, each counts once and all that they held is gone",
                 "[acceptance]") {
  std::vector<std::thread> callers;
  for (std::size_t each = 0; each < fates.size(); ++each)
    callers.emplace_back([this, how = fates.at(each)] {
      for (std::size_t i = 0; i < each_fate; ++i) ask(how, i);
    });
  for (auto& caller : callers) caller.join();

  std::uint64_t requests = 0;
  std::uint64_t tokens = 0;
  double dollars = 0;
  std::map<std::string, outcomes> seen;
  for (const auto& record : wait_for_records(fates.size() * each_fate)) {
    const auto id = record.at("request_id").get<std::string>();
    seen[id.substr(0, id.find('-'))].emplace(record.at("status").get<int>(), record.at("attempts").get<int>());
    if (!record.at("counted").get<bool>()) {
      CHECK(record.at("total_tokens") == 0);
      continue;
    }
    ++requests;
    tokens += record.at("total_tokens").get<std::uint64_t>();
    dollars += record.at("cost_usd").get<double>();
    if (has_fate(id, "retried") || has_fate(id, "fallback")) {
      // Of the attempt that answered, at the price of the model that did.
      CHECK(record.at("total_tokens") == 50);
      CHECK(record.at("cost_usd").get<double>() == Approx(0.0001));
    }
  }
  CHECK(seen.at("served") == outcomes{{200, 1}});
  CHECK(seen.at("streamed") == outcomes{{200, 1}});
  CHECK(seen.at("retried") == outcomes{{200, 2}});
  CHECK(seen.at("fallback") == outcomes{{200, 2}});
  CHECK(seen.at("rejected") == outcomes{{400, 1}});
  CHECK(seen.at("broken") == outcomes{{200, 1}});
  CHECK(seen.at("timeout") == outcomes{{504, 1}});
  CHECK(seen.at("leftstream") == outcomes{{200, 1}});
  const auto path = "/admin/keys/" + key.at("key_id").get<std::string>() + "/usage";
  const auto shown = admin("GET", path).json();
  check_limits(shown.at("limits"), requests, tokens, dollars);
  check_limits(shown.at("tenant_limits"), requests, tokens, dollars);
}

} // namespace
} // namespace gateway
