#include "storage/grantable.hpp"

#include <catch2/catch.hpp>

namespace gateway {

TEST_CASE("a wish is granted as far as the limit allows") {
  CHECK(grantable(10, 100, 0) == 10);
  CHECK(grantable(10, 100, 95) == 5);
  CHECK(grantable(10, 100, 100) == 0);
  CHECK(grantable(0, 100, 0) == 0);
  CHECK(grantable(10, 0, 0) == 0);
}

TEST_CASE("nothing is granted when the limit has fallen below what was granted") { CHECK(grantable(10, 50, 80) == 0); }

TEST_CASE("all that is ever granted fits in a signed number") {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  constexpr std::uint64_t signed_most = std::numeric_limits<std::int64_t>::max();
  CHECK(grantable(most, most, 0) == signed_most);
  CHECK(grantable(most, most, signed_most - 3) == 3);
  CHECK(grantable(1, most, signed_most) == 0);
}

} // namespace gateway
