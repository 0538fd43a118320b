#include "domain/route.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

// The retries tell the routes apart.
route_table table_of(const std::vector<std::string>& names) {
  route_map routes;
  std::uint32_t number = 0;
  for (const auto& name : names) routes[name].retries = number++;
  return route_table(std::move(routes));
}

} // namespace

TEST_CASE("an exact name wins over every pattern") {
  const auto table = table_of({"*", "gpt-*", "gpt-4o"});
  const auto found = table.find("gpt-4o");
  REQUIRE(found);
  CHECK(found->pattern == "gpt-4o");
  CHECK(found->entry->retries == 2);
  CHECK(found->star.empty());
}

TEST_CASE("the longest pattern wins") {
  const auto table = table_of({"*", "openai/*", "openai/gpt-*", "o*"});
  CHECK(table.find("openai/gpt-4o")->pattern == "openai/gpt-*");
  CHECK(table.find("openai/gpt-4o")->star == "4o");
  CHECK(table.find("openai/o3")->pattern == "openai/*");
  CHECK(table.find("other")->pattern == "o*");
  CHECK(table.find("claude")->pattern == "*");
  CHECK(table.find("claude")->star == "claude");
}

TEST_CASE("a star may stand anywhere in a name, also for nothing") {
  const auto table = table_of({"*-mini", "a*z"});
  CHECK(table.find("gpt-4o-mini")->star == "gpt-4o");
  CHECK(table.find("-mini")->star.empty());
  CHECK(table.find("az")->star.empty());
  CHECK(table.find("abcz")->star == "bc");
  CHECK_FALSE(table.find("a"));
  CHECK_FALSE(table.find("mini"));
}

TEST_CASE("the head and the tail of a pattern do not overlap in a name") {
  CHECK_FALSE(table_of({"aba*ba"}).find("aba"));
}

TEST_CASE("an unknown name has no route") {
  CHECK_FALSE(table_of({"echo"}).find("gpt-4o"));
  CHECK_FALSE(route_table{}.find("echo"));
}

TEST_CASE("asking for a pattern's own text is a match by pattern, not by name") {
  const auto table = table_of({"openai/*"});
  const auto found = table.find("openai/*");
  REQUIRE(found);
  CHECK(found->star == "*");
}

TEST_CASE("a copied table finds its own routes") {
  auto table = table_of({"echo", "x/*"});
  const auto copy = table;
  table = {};
  CHECK(copy.find("x/1")->entry == &copy.routes().at("x/*"));
  CHECK(copy.routes().size() == 2);
}

TEST_CASE("a target says what the upstream calls the model") {
  CHECK(upstream_model({"up", ""}, "echo", "") == "echo");
  CHECK(upstream_model({"up", "gpt-4o"}, "best", "") == "gpt-4o");
  CHECK(upstream_model({"up", "*"}, "openai/gpt-4o", "gpt-4o") == "gpt-4o");
  CHECK(upstream_model({"up", "vendor/*-latest"}, "x/sonnet", "sonnet") == "vendor/sonnet-latest");
  CHECK(upstream_model({"up", "*"}, "openai/a*b", "a*b") == "a*b");
}

TEST_CASE("a strategy survives being written down") {
  for (const auto how : {strategy::weighted, strategy::priority, strategy::least_latency, strategy::least_busy}) {
    CHECK(strategy_from(to_string(how)) == how);
  }
  CHECK(to_string(strategy::least_busy) == "least_busy");
  CHECK_FALSE(strategy_from("fastest"));
}
