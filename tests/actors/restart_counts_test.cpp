#include "tests/actors/supervisor_fixture.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST_CASE_METHOD(supervisor_fixture, "the roster says how often actors of each kind were restarted") {
  open();
  using counts = std::map<std::string, std::uint64_t>;
  counts expected{{"ledger", 0}, {"audit", 0}, {"audit_reader", 0},  {"keys", 0},
                  {"quota", 0},  {"auth", 0},  {"chat_upstream", 0}, {"acceptor", 0}};
  CHECK((***begin_roster())->restarts == expected);
  for (const auto* victim : {"auth 0", "auth 1", "ledger"}) {
    kill(victim);
    advance(10ms);
  }
  expected["auth"] = 2;
  expected["ledger"] = 1;
  CHECK((***begin_roster())->restarts == expected);
  CHECK(part("quota 1").met.back()->restarts == expected);
}

} // namespace
} // namespace gateway
