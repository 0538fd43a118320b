#include "domain/usage.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

TEST_CASE("a usage source survives being written down") {
  for (const auto source : {usage_source::unknown, usage_source::provider, usage_source::estimated}) {
    CHECK(usage_source_from(to_string(source)) == source);
  }
  CHECK(to_string(usage_source::provider) == "provider");
  CHECK(usage_source_from("hearsay") == usage_source::unknown);
}

TEST_CASE("the total of a usage is prompt and completion") { CHECK(token_usage{12, 30}.total() == 42); }
