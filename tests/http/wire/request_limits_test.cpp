#include "tests/http/wire/reader_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

using namespace test;

TEST_CASE_METHOD(reader_fixture, "a header is over its limit, too, when each read ends where a field does") {
  next_request got;
  const auto done = start(read_into(*this, got));
  line->send("GET / HTTP/1.1\r\n");
  for (int i = 0; i < 100 && !*done; ++i) {
    settle();
    line->send("x-field: value\r\n");
  }
  settle();
  REQUIRE(*done);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == ec::header_too_large);
}

TEST_CASE_METHOD(reader_fixture, "so many fields are let in and no more, however they come") {
  limits.header_bytes = 100'000;
  const int fields = GENERATE(256, 257);
  next_request got;
  const auto done = start(read_into(*this, got));
  line->send("GET / HTTP/1.1\r\n");
  for (int i = 0; i < fields; ++i) {
    line->send("a:\r\n");
    if (i % 50 == 0) settle();
  }
  settle();
  line->send("\r\n");
  settle();
  REQUIRE(*done);
  CHECK(got.has_value() == (fields == 256));
}

TEST_CASE_METHOD(reader_fixture, "what stands before, or behind, the pieces of a body has a limit") {
  const std::string start = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string endless = GENERATE("1;", "0\r\nx: ", "1\r\na\r\n1;x=");
  CHECK(refusal_of(start + endless + std::string(2 * limits.header_bytes, 'a')) == ec::header_too_large);
}

} // namespace
} // namespace gateway
