#include "domain/chat/request_cost.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

constexpr micro_dollars dollar = 1'000'000;

route entry(std::uint64_t max_output, std::optional<price> cost, std::vector<std::string> fallbacks = {}) {
  route made;
  made.max_output_tokens = max_output;
  made.cost = cost;
  made.fallbacks = std::move(fallbacks);
  return made;
}

struct costs {
  request_scan request;
  route_map named{{"main", entry(1000, price{dollar, 2 * dollar, dollar / 2})}};

  costs() { request.prompt_tokens = 500; }

  quota_amount most(const std::string& forbidden = {}) const {
    const route_table routes(named);
    return most_used(request, routes, *routes.find("main"),
                     [&forbidden](std::string_view model) { return model != forbidden; });
  }
};

} // namespace

TEST_CASE_METHOD(costs, "a request holds its prompt and the longest answer, at full price") {
  CHECK(most() == quota_amount{1500, 500 + 2 * 1000});
  request.max_output_tokens = 10;
  CHECK(most() == quota_amount{510, 500 + 2 * 10});
  request.choices = 3;
  request.prompts = 2;
  CHECK(most() == quota_amount{560, 500 + 2 * 60});
}

TEST_CASE_METHOD(costs, "a model without a price costs nothing") {
  named["main"].cost.reset();
  CHECK(most() == quota_amount{1500, 0});
}

TEST_CASE_METHOD(
    costs, "what may stand in counts with its longest answer and its price, and so does what stands in for that") {
  named["main"].fallbacks = {"second"};
  named["second"] = entry(1000, std::nullopt, {"third", "main"});
  named["third"] = entry(4000, price{3 * dollar, 10 * dollar, dollar});
  CHECK(most() == quota_amount{4500, 3 * 500 + 10 * 4000});
  CHECK(most("second") == quota_amount{1500, 500 + 2 * 1000});
  CHECK(most("third") == quota_amount{1500, 500 + 2 * 1000});
}

TEST_CASE_METHOD(costs, "models for prompts that are too long count too") {
  named["main"].context_window_fallbacks = {"large"};
  named["large"] = entry(100, price{4 * dollar, dollar, dollar});
  CHECK(most() == quota_amount{1500, 4 * 500 + 1000});
}

TEST_CASE_METHOD(costs, "a cached price above the full one is the one that is held") {
  named["main"].cost = price{dollar, dollar, 3 * dollar};
  CHECK(most().cost == 3 * 500 + 1000);
}

TEST_CASE_METHOD(costs, "a maximum beyond all bounds holds everything") {
  request.max_output_tokens = ~std::uint64_t{0};
  CHECK(most().tokens == ~std::uint64_t{0});
}
