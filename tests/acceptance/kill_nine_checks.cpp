#include "domain/money.hpp"
#include "tests/acceptance/kill_nine_fixture.hpp"
#include "tests/acceptance/left_behind.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <sstream>

namespace gateway {
namespace {

using nlohmann::json;

// A slice is at most this part of a limit.
constexpr std::uint64_t slices = 8;
// At least what one request holds, and may give back when it settles.
constexpr std::uint64_t tokens_of_hold = 80;
constexpr std::uint64_t cost_of_hold = 20'000;

std::uint64_t money(const json& dollars) { return to_micro_dollars(dollars.get<double>()); }

bool is_interrupted(const json& record) { return record.at("error_code") == "PLATFORM_INTERRUPTED"; }

token_usage usage_in(const json& record) {
  token_usage usage;
  usage.prompt_tokens = record.at("prompt_tokens").get<std::uint64_t>();
  usage.completion_tokens = record.at("completion_tokens").get<std::uint64_t>();
  return usage;
}

/// Some keys have no budget.
bool is_of_everybody(limit_kind kind) { return kind != limit_kind::budget_per_day; }

std::uint64_t returned_by_settling(limit_kind kind, std::size_t callers) {
  if (kind == limit_kind::daily_requests) return 0;
  return callers * (kind == limit_kind::daily_tokens ? tokens_of_hold : cost_of_hold);
}

amounts_by_account sum_of(const std::vector<owned_grant>& grants) {
  amounts_by_account sums;
  for (const auto& grant : grants) sums[{grant.entry.account, grant.entry.kind}] += grant.amount;
  return sums;
}

} // namespace

void kill_nine_fixture::read_records() {
  records_.clear();
  for (const auto& tenant : tenants) {
    const auto answer = admin("GET", "/admin/audit?format=jsonl&tenant_id=" + tenant);
    REQUIRE(answer.status == 200);
    std::istringstream lines(answer.body);
    for (std::string line; std::getline(lines, line);) {
      auto record = json::parse(line);
      const auto id = record.at("request_id").get<std::string>();
      if (!id.starts_with("kill-")) continue;
      if (!records_.emplace(id, std::move(record)).second) FAIL_CHECK("recorded twice: " << id);
    }
  }
}

void kill_nine_fixture::add_up() {
  charged_.clear();
  sums_.records = records_.size();
  sums_.interrupted = 0;
  for (const auto& [id, record] : records_) {
    if (is_interrupted(record)) ++sums_.interrupted;
    if (!record.at("counted").get<bool>()) continue;
    for (const auto* of : {"key_id", "tenant_id"}) {
      const auto account = record.at(of).get<std::string>();
      charged_[{account, limit_kind::daily_requests}] += 1;
      charged_[{account, limit_kind::daily_tokens}] += record.at("total_tokens").get<std::uint64_t>();
      charged_[{account, limit_kind::budget_per_day}] += money(record.at("cost_usd"));
    }
  }
}

void kill_nine_fixture::check_reached() {
  const auto reached = provider_.reached();
  sums_.requests = reached.size();
  sums_.unrecorded = 0;
  for (const auto& id : reached) {
    const auto found = records_.find(id);
    if (found == records_.end()) {
      ++sums_.unrecorded;
      continue;
    }
    const auto& record = found->second;
    if (record.at("counted") != true) FAIL_CHECK("reached the upstream, and not counted: " << record);
    // Nobody knows how far it got: what it held is charged.
    if (is_interrupted(record) && usage_in(record).total() < noting_upstream::usage_of(id).total())
      FAIL_CHECK("charged with less than the upstream may have: " << record);
    if (record.at("status") == 200 && !is_interrupted(record) && usage_in(record) != noting_upstream::usage_of(id))
      FAIL_CHECK("settled with another usage than the upstream's: " << record);
  }
}

void kill_nine_fixture::check_answers() {
  sums_.whole = sums_.cut = sums_.whole_interrupted = sums_.lost = 0;
  for (const auto& [id, heard] : answers_) {
    if (heard.status != 200) continue;
    ++(heard.whole ? sums_.whole : sums_.cut);
    const auto found = records_.find(id);
    if (found == records_.end()) {
      ++sums_.lost;
      FAIL_CHECK("answered, and not recorded: " << id);
    } else if (heard.whole && is_interrupted(found->second)) {
      ++sums_.whole_interrupted;
    } else if (heard.whole && (found->second.at("status") != 200 || usage_in(found->second) != heard.usage)) {
      FAIL_CHECK("the record of another answer than its caller's: " << found->second);
    }
  }
}

void kill_nine_fixture::check_leases(const std::vector<owned_grant>& left) {
  auto leased = sum_of(left);
  for (const auto& [what, spent] : charged_)
    if (is_of_everybody(what.second) && leased[what] < spent)
      FAIL_CHECK(what.first << " spent more than it had leased: " << spent << " of " << leased[what]);
  const auto everybody = callers(0).size();
  for (const auto& key : keys_) {
    const auto id = key.at("key_id").get<std::string>();
    const auto forfeited = [&](limit_kind kind, std::uint64_t limit) {
      const auto rest = leased[{id, kind}] - std::min(leased[{id, kind}], charged_[{id, kind}]);
      INFO(id << ", " << to_string(kind) << ": forfeited " << rest << " of " << limit);
      CHECK(rest <= shards * (limit / slices) + returned_by_settling(kind, everybody));
      return rest;
    };
    const auto requests = forfeited(limit_kind::daily_requests, key.at("quota").at("daily_requests"));
    sums_.forfeited.requests += requests;
    sums_.most_of_one_limit = std::max(sums_.most_of_one_limit, requests);
    sums_.forfeited.tokens += forfeited(limit_kind::daily_tokens, key.at("quota").at("daily_tokens"));
    const auto budget = key.at("limits").at("budget_usd_per_day");
    if (!budget.is_null()) sums_.forfeited.cost += forfeited(limit_kind::budget_per_day, money(budget));
  }
}

void kill_nine_fixture::check_limits(const json& key) {
  const auto id = key.at("key_id").get<std::string>();
  const auto usage = admin("GET", "/admin/keys/" + id + "/usage").json();
  const auto compare = [&](const std::string& account, const json& limit, limit_kind kind, std::uint64_t used,
                           std::uint64_t most) {
    const auto charged = charged_[{account, kind}];
    INFO(account << ": " << limit << ", charged " << charged);
    CHECK(used == charged);
    CHECK(used <= most);
    sums_.forfeited_after += used > charged ? used - charged : 0;
    sums_.overspent += charged > most ? charged - most : 0;
  };
  const auto tenant = key.at("tenant_id").get<std::string>();
  for (const auto& [account, limits] :
       {std::pair(id, usage.at("limits")), std::pair(tenant, usage.at("tenant_limits"))})
    for (const auto kind : {limit_kind::daily_requests, limit_kind::daily_tokens}) {
      const auto& limit = limits.at(std::string(to_string(kind)));
      compare(account, limit, kind, limit.at("used"), limit.at("limit"));
    }
  if (key.at("limits").at("budget_usd_per_day").is_null()) return;
  const auto& budget = usage.at("limits").at("budget_usd_per_day");
  compare(id, budget, limit_kind::budget_per_day, money(budget.at("used")), money(budget.at("limit")));
}

void kill_nine_fixture::check_chain() const {
  const auto verified = run_once("verify-audit");
  INFO(verified.output);
  CHECK(verified.exit_code == 0);
}

void kill_nine_fixture::finish() {
  program->send_signal(SIGTERM);
  CHECK(program->wait() == 0);
  check_chain();
  auto leased = sum_of(leases_left_behind(directory.file("data")));
  for (const auto& [what, amount] : leased) {
    INFO(what.first << ", " << to_string(what.second));
    CHECK(amount == charged_[what]);
  }
  for (const auto& [what, amount] : charged_) {
    if (!is_of_everybody(what.second)) continue;
    INFO(what.first << ", " << to_string(what.second));
    CHECK(amount == leased[what]);
  }
}

} // namespace gateway
