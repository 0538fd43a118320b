#include "actors/confirmations.hpp"

#include <catch2/catch.hpp>

#include <optional>

namespace gateway {
namespace {

/// What was said of one question, at most once.
struct said {
  std::optional<bool> what;

  confirmations::answer listener() {
    return [this](bool all) {
      CHECK_FALSE(what.has_value());
      what = all;
    };
  }
};

TEST_CASE("what nobody has to confirm is confirmed at once") {
  said it;
  confirmations open;
  open.open({}, it.listener());
  CHECK(it.what == true);
}

TEST_CASE("a question is closed when the last one has confirmed, and confirming twice does not count") {
  said it;
  confirmations open;
  auto id = open.open({1, 2}, it.listener());
  open.confirm(id, 2);
  open.confirm(id, 2);
  CHECK_FALSE(it.what.has_value());
  open.confirm(id, 1);
  CHECK(it.what == true);
  open.confirm(id, 1);
}

TEST_CASE("one who does not confirm spoils it, and the others are waited for all the same") {
  said it;
  confirmations open;
  auto id = open.open({1, 2}, it.listener());
  open.give_up(id, 1);
  CHECK_FALSE(it.what.has_value());
  open.confirm(id, 2);
  CHECK(it.what == false);
}

TEST_CASE("one who is gone is waited for no more, in any question") {
  said first;
  said second;
  said third;
  confirmations open;
  auto of_both = open.open({1, 2}, first.listener());
  open.open({1}, second.listener());
  open.open({2}, third.listener());
  open.forget(1);
  CHECK(second.what == true);
  CHECK_FALSE(first.what.has_value());
  CHECK_FALSE(third.what.has_value());
  open.confirm(of_both, 2);
  CHECK(first.what == true);
}

TEST_CASE("questions close in any order") {
  said first;
  said second;
  confirmations open;
  auto one = open.open({1}, first.listener());
  auto two = open.open({1}, second.listener());
  open.confirm(two, 1);
  CHECK(second.what == true);
  CHECK_FALSE(first.what.has_value());
  open.confirm(one, 1);
  CHECK(first.what == true);
}

TEST_CASE("what is open at the end is answered as unconfirmed") {
  said it;
  {
    confirmations open;
    open.open({1}, it.listener());
  }
  CHECK(it.what == false);
}

} // namespace
} // namespace gateway
