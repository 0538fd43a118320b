#include "bench/load/event_counter.hpp"

#include <catch2/catch.hpp>

#include <string_view>

using gateway::bench::event_counter;

namespace {

constexpr std::string_view stream =
    "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n"
    "data: {\"choices\":[{\"delta\":{\"content\":\" token\"}}]}\n\n"
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: [DONE]\n\n";

} // namespace

TEST_CASE("the tokens of a stream are counted wherever its bytes are cut") {
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    event_counter counter;
    counter.feed(stream.substr(0, cut));
    counter.feed(stream.substr(cut));
    REQUIRE(counter.contents() == 2);
    REQUIRE(counter.done());
  }
}

TEST_CASE("a stream that ends before [DONE], or goes on after it, is not done") {
  event_counter counter;
  counter.feed(stream.substr(0, stream.size() - 1));
  CHECK_FALSE(counter.done());
  counter.feed("\n");
  CHECK(counter.done());
  counter.feed("data: {\"error\":{}}\n\n");
  CHECK_FALSE(counter.done());
}
