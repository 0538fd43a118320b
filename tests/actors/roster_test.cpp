#include "actors/interfaces.hpp"
#include "tests/actors/fixture.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <set>

namespace gateway {
namespace {

quota_actor::behavior_type silent_shard() {
  auto unscripted = [] {
    FAIL_CHECK("a message that was not scripted");
    return to_error({});
  };
  return {
      [=](reserve_atom, const principal_ptr&, const quota_amount&, timestamp) -> caf::result<reservation> {
        return unscripted();
      },
      [=](extend_atom, hold_id, const quota_amount&, timestamp) -> caf::result<reservation> { return unscripted(); },
      [=](settle_atom, hold_id, const quota_amount&, timestamp) { unscripted(); },
      [=](release_atom, hold_id) { unscripted(); },
      [=](balance_atom, const principal_ptr&, timestamp) -> caf::result<limit_balances> { return unscripted(); },
      [=](drain_atom) -> caf::result<void> { return unscripted(); },
      [=](ping_atom) -> caf::result<void> { return unscripted(); },
      [=](roster_atom, const roster_ptr&) { unscripted(); },
  };
}

roster with_shards(test::actor_fixture& in, std::size_t count) {
  roster all;
  for (std::size_t i = 0; i < count; ++i) all.quota.push_back(in.keep(in.system.spawn(silent_shard)));
  return all;
}

TEST_CASE("a tenant is always served by the same shard, in every process") {
  test::actor_fixture fixture;
  auto all = with_shards(fixture, 7);
  // The hash is FNV-1a of 64 bits: these are its published values.
  CHECK(all.quota_of("a") == all.quota[0xaf63dc4c8601ec8c % 7]);
  CHECK(all.quota_of("foobar") == all.quota[0x85944171f73967e8 % 7]);
  CHECK(all.quota_of("") == all.quota[0xcbf29ce484222325 % 7]);
}

TEST_CASE("tenants spread over the shards") {
  test::actor_fixture fixture;
  auto all = with_shards(fixture, 4);
  std::array<int, 4> tenants{};
  for (int i = 0; i < 1000; ++i) {
    const auto& shard = all.quota_of("tenant-" + std::to_string(i));
    for (std::size_t s = 0; s < 4; ++s) tenants[s] += shard == all.quota[s] ? 1 : 0;
  }
  for (auto count : tenants) CHECK(count == Approx(250).margin(75));
}

} // namespace
} // namespace gateway
