#include "http/wire/request_coding.hpp"
#include "http/wire/request_reader.hpp"
#include "tests/http/wire/gzipped.hpp"
#include "tests/http/wire/test_connection.hpp"
#include "tests/http/worker_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;

constexpr std::uint64_t most = 1024 * 1024;

/// A reader whose worker has a megabyte for bodies, all of which one request may have.
struct room_fixture : worker_fixture {
  std::shared_ptr<byte_pool> pool = std::make_shared<byte_pool>(most);
  byte_account account{pool, most, most, 1};
  std::shared_ptr<wire> line = std::make_shared<wire>(here.wheel());
  test_connection peer{line};
  request_limits limits{
      .header_bytes = 8192, .body_bytes = most, .idle = 10s, .header = 10s, .body = 10s, .room = &account};
  request_reader reader{peer, here.wheel(), limits};

  result<std::optional<request>> next() { return run(reader.next()); }
  std::string post(std::size_t length) {
    return "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
  }
};

TEST_CASE_METHOD(room_fixture, "a body is counted for as long as its request lasts") {
  line->send(post(5) + "hello");
  {
    auto asked = next();
    REQUIRE(asked);
    CHECK(account.held() == 5);
  }
  CHECK(account.held() == 0);
}

TEST_CASE_METHOD(room_fixture, "a body for which there is no room is refused before it comes") {
  byte_claim others(&account, bytes_for::answer);
  REQUIRE(others.cover(most - 999));
  line->send(post(1000));
  const auto refused = next();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::overloaded);
  CHECK(refused.error().retry_after > 0ms);
  CHECK(account.held() == most - 999);
}

TEST_CASE_METHOD(room_fixture, "a body in chunks is refused when there is no more room for it") {
  byte_claim others(&account, bytes_for::answer);
  REQUIRE(others.cover(most - 1000));
  line->send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') +
             "\r\n");
  const auto ended = start([](room_fixture& self) -> task<void> {
    const auto refused = co_await self.reader.next();
    CHECK_FALSE(refused);
    if (!refused) CHECK(refused.error().code == ec::overloaded);
  }(*this));
  settle();
  CHECK_FALSE(*ended);
  line->send("1\r\nx\r\n");
  run_until([&] { return *ended; });
  CHECK(account.held() == most - 1000);
}

TEST_CASE_METHOD(room_fixture, "a large body needs no more room than it has bytes") {
  line->send(post(most) + std::string(most, 'x'));
  const auto asked = next();
  REQUIRE(asked);
  CHECK((*asked)->body.size() == most);
  CHECK(account.held() == most);
}

TEST_CASE_METHOD(room_fixture, "a body that decodes to more than there is room for is refused, and counted no more") {
  const auto packed = gzipped(std::string(400'000, ' '));
  line->send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: " +
             std::to_string(packed.size()) + "\r\n\r\n" + packed);
  auto asked = next();
  REQUIRE(asked);
  byte_claim others(&account, bytes_for::answer);
  REQUIRE(others.cover(most - 400'000));
  {
    auto refused = decode_body(**asked, most);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ec::overloaded);
  }
  others.shrink_to(0);
  REQUIRE(decode_body(**asked, most));
  CHECK(account.held() == 400'000);
  asked->reset();
  CHECK(account.held() == 0);
}

TEST_CASE_METHOD(room_fixture, "what a caller sends ahead is counted, and not read where there is no room") {
  line->send(post(2) + "{}");
  auto asked = next();
  REQUIRE(asked);
  byte_claim others(&account, bytes_for::answer);
  REQUIRE(others.cover(most - 2));
  reader.watch([] {});
  line->send(std::string(20'000, 'x'));
  settle();
  CHECK(account.held() == most);
  others.shrink_to(0);
  reader.watch([] {});
  settle();
  CHECK(account.held() > 20'000);
}

TEST_CASE_METHOD(room_fixture, "a header of very many fields is refused, however small they are") {
  std::string head = "GET /a HTTP/1.1\r\n";
  const auto count = GENERATE(256, 257);
  for (int i = 0; i < count; ++i) head += "a:" + std::to_string(i) + "\r\n";
  line->send(head + "\r\n");
  const auto asked = next();
  REQUIRE(asked.has_value() == (count == 256));
  if (!asked) CHECK(asked.error().code == ec::header_too_large);
}

} // namespace
} // namespace gateway
