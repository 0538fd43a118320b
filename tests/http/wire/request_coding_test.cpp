#include "http/wire/request_coding.hpp"

#include "tests/http/wire/gzipped.hpp"
#include "tests/http/wire/sample_request.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using test::gzipped;
using test::sample_request;

constexpr std::uint64_t plenty = 1024 * 1024;

request coded(const std::string& coding, std::string body) {
  const auto length = std::to_string(body.size());
  return sample_request("POST", "/", {{"Content-Encoding", coding}, {"Content-Length", length}}, std::move(body));
}

failure refusal(request asked, std::uint64_t most_bytes = plenty) {
  const auto decoded = decode_body(asked, most_bytes);
  REQUIRE_FALSE(decoded);
  return decoded.error();
}

TEST_CASE("a body in gzip is decoded, and no longer said to be") {
  for (const auto* coding : {"gzip", "x-gzip", "GZip"}) {
    auto asked = coded(coding, gzipped(R"({"a":1})"));
    REQUIRE(decode_body(asked, plenty));
    CHECK(asked.body == R"({"a":1})");
    CHECK(asked.header("content-encoding").empty());
    CHECK(asked.header("content-length").empty());
    REQUIRE(decode_body(asked, plenty));
    CHECK(asked.body == R"({"a":1})");
  }
}

TEST_CASE("a body in no coding stays as it is") {
  for (const auto* coding : {"identity", "Identity", ""}) {
    auto asked = coded(coding, "plain");
    REQUIRE(decode_body(asked, plenty));
    CHECK(asked.body == "plain");
  }
}

TEST_CASE("no body is in every coding") {
  auto asked = coded("gzip", "");
  REQUIRE(decode_body(asked, plenty));
  CHECK(asked.body.empty());
}

TEST_CASE("another coding is refused, and the refusal says which are taken") {
  for (const auto* coding : {"br", "deflate", "zstd", "gzip, gzip", "gzip,identity", "gzipped"}) {
    const auto why = refusal(coded(coding, gzipped("x")));
    CHECK(why.code == ec::request_invalid);
    CHECK(why.param == "content-encoding");
    CHECK(why.message.find("gzip") != std::string::npos);
  }
}

TEST_CASE("a body that is no gzip, or not all of one, is refused") {
  const auto whole = gzipped("some text");
  for (const auto& body : {std::string("{}"), whole.substr(0, whole.size() - 1), whole.substr(0, 4), whole + "x"}) {
    const auto why = refusal(coded("gzip", body));
    CHECK(why.code == ec::request_invalid);
    CHECK(why.param == "content-encoding");
  }
}

TEST_CASE("a body may decode to as much as is allowed, and to no byte more") {
  for (const std::size_t size : {1U, 1000U, 16384U, 100000U}) {
    const std::string text(size, 'x');
    auto fits = coded("gzip", gzipped(text));
    REQUIRE(decode_body(fits, size));
    CHECK(fits.body == text);
    CHECK(refusal(coded("gzip", gzipped(text)), size - 1).code == ec::request_too_large);
  }
  CHECK(refusal(coded("gzip", gzipped(std::string(50'000'000, 'x')))).code == ec::request_too_large);
}

} // namespace
} // namespace gateway
