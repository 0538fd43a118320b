#include "storage/key_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"
#include "tests/storage/twins.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace gateway {

namespace {

struct opened_tenants {
  temporary_directory directory;
  twin<key_store> which = GENERATE(from_range(key_twins()));
  std::unique_ptr<key_store> store = which.open(directory.path());
};

tenant_limits full_limits() {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  tenant_limits limits;
  limits.daily_requests = 0;
  limits.daily_tokens = most;
  limits.limits = {1, most - 1, 3, 1'500'000, 45'000'000};
  limits.time_zone = "America/Argentina/Buenos_Aires";
  return limits;
}

} // namespace

TEST_CASE_METHOD(opened_tenants, "limits of a tenant come back as they were stored, whatever is in them") {
  INFO(which.name);
  CHECK(store->tenants().value().empty());
  tenant_limits some;
  some.limits.tokens_per_minute = 5;
  REQUIRE(store->put_tenant("full", full_limits()));
  REQUIRE(store->put_tenant("some", some));
  REQUIRE(store->put_tenant("none", {}));
  CHECK(store->tenants().value() == tenant_table{{"full", full_limits()}, {"none", {}}, {"some", some}});
}

TEST_CASE_METHOD(opened_tenants, "new limits of a tenant replace all of the old ones, and touch no key") {
  INFO(which.name);
  const auto key = sample_key("key-1", "acme", 1);
  REQUIRE(store->insert(key));
  REQUIRE(store->put_tenant("acme", full_limits()));
  REQUIRE(store->put_tenant("other", full_limits()));
  tenant_limits few;
  few.daily_tokens = 7;
  REQUIRE(store->put_tenant("acme", few));
  CHECK(store->tenants().value() == tenant_table{{"acme", few}, {"other", full_limits()}});
  CHECK(store->all().value() == std::vector{key});
}

TEST_CASE("limits of a tenant are there when the file is opened again") {
  const temporary_directory directory;
  REQUIRE(key_twins()[1].open(directory.path())->put_tenant("acme", full_limits()));
  CHECK(key_twins()[1].open(directory.path())->tenants().value() == tenant_table{{"acme", full_limits()}});
}

} // namespace gateway
