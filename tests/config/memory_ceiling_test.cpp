#include "config/memory_ceiling.hpp"

#include "config/topology.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <limits>
#include <regex>
#include <string>

using namespace gateway;

namespace {

std::uint64_t ceiling_of(const config& what, std::size_t cores = 2) {
  return memory_ceiling(memory_terms(what, cores));
}

struct bound {
  std::string name;
  std::function<void(config&)> raise;
};

const std::vector<bound> bounds{
    {"workers", [](config& what) { what.topology.workers = 9; }},
    {"connections", [](config& what) { what.limits.connections += 1; }},
    {"in_flight", [](config& what) { what.limits.in_flight += 1; }},
    {"request_bytes", [](config& what) { what.limits.request_bytes = what.limits.answer_bytes + 1; }},
    {"answer_bytes", [](config& what) { what.limits.answer_bytes += 1; }},
    {"header_bytes", [](config& what) { what.limits.header_bytes += 1; }},
    {"buffered_bytes", [](config& what) { what.limits.buffered_bytes += 4; }},
    {"audit.queue", [](config& what) { what.topology.audit.queue += 1; }},
    {"TLS", [](config& what) { what.listen.tls.certificate_file = "a.pem"; }},
    {"an upstream", [](config& what) { what.upstreams["far"].kind = upstream_kind::openai; }},
};

} // namespace

TEST_CASE("the ceiling of memory grows with each bound of the config") {
  const auto before = ceiling_of(config{});
  for (const auto& each : bounds) {
    INFO(each.name);
    config what;
    each.raise(what);
    CHECK(ceiling_of(what) > before);
  }
}

TEST_CASE("the ceiling of memory covers what the bodies may take") {
  config what;
  CHECK(ceiling_of(what) > what.limits.buffered_bytes);
}

TEST_CASE("bounds without measure give the largest number, not a small one") {
  config what;
  what.limits.buffered_bytes = std::numeric_limits<std::uint64_t>::max();
  what.limits.answer_bytes = std::numeric_limits<std::uint64_t>::max();
  CHECK(ceiling_of(what) == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("check prints each term of the memory's ceiling and their sum, for people and programs") {
  config what;
  what.topology.workers = 2;
  const auto text = describe_topology(what, 1);
  const std::regex line("  (.+?) +(\\d+) x (\\d+) = (\\d+)\n");
  std::uint64_t sum = 0;
  std::size_t lines = 0;
  for (auto each = std::sregex_iterator(text.begin(), text.end(), line); each != std::sregex_iterator(); ++each) {
    CHECK(std::stoull((*each)[2]) * std::stoull((*each)[3]) == std::stoull((*each)[4]));
    sum += std::stoull((*each)[4]);
    ++lines;
  }
  CHECK(lines == memory_terms(what, 1).size());
  std::smatch total;
  REQUIRE(std::regex_search(text, total, std::regex("  ceiling +(\\d+) bytes")));
  CHECK(std::stoull(total[1]) == sum);
  CHECK(sum == ceiling_of(what));
}
