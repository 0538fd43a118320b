#include "domain/retry/retry_after.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

using wait = std::optional<std::chrono::milliseconds>;

const timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 12h;

wait asked(const rate_limit_headers& headers) { return retry_after(headers, noon); }

wait header(std::string_view text) { return asked({.retry_after = text}); }

wait reset(std::string_view text) { return asked({.reset_requests = text}); }

} // namespace

TEST_CASE("an answer without headers does not say when to come again") { CHECK_FALSE(asked({})); }

TEST_CASE("retry-after-ms is milliseconds") {
  CHECK(asked({.retry_after_ms = "1500"}) == 1500ms);
  CHECK(asked({.retry_after_ms = "0"}) == 0ms);
  CHECK(asked({.retry_after_ms = "12.0"}) == 12ms);
  CHECK(asked({.retry_after_ms = "12.25"}) == 13ms);
  CHECK(asked({.retry_after_ms = " 7\t"}) == 7ms);
  CHECK(asked({.retry_after_ms = "86400001"}) == 24h);
  CHECK(asked({.retry_after_ms = "1s"}) == std::nullopt);
}

TEST_CASE("Retry-After is seconds, whole ones or not") {
  CHECK(header("0") == 0ms);
  CHECK(header("17") == 17s);
  CHECK(header(" 17 ") == 17s);
  CHECK(header("0.25") == 250ms);
  CHECK(header("59.56") == 59560ms);
  CHECK(header("1.0001") == 1001ms);
  CHECK(header("1.00000000000000000001") == 1s);
}

TEST_CASE("Retry-After is a date in any of its forms") {
  CHECK(header("Wed, 25 Nov 2026 12:00:30 GMT") == 30s);
  CHECK(header("Wednesday, 25-Nov-26 12:01:00 GMT") == 1min);
  CHECK(header("Wed Nov 25 12:00:01 2026") == 1s);
  CHECK(retry_after({.retry_after = "Wed, 25 Nov 2026 12:00:30 GMT"}, noon + 250ms) == 29750ms);
}

TEST_CASE("a wait is never less than nothing or more than a day") {
  CHECK(header("Wed, 25 Nov 2026 11:59:59 GMT") == 0ms);
  CHECK(header("Sun, 06 Nov 1994 08:49:37 GMT") == 0ms);
  CHECK(header("Fri, 31 Dec 9999 23:59:59 GMT") == 24h);
  CHECK(header("Sat, 01 Jan 0000 00:00:00 GMT") == 0ms);
  CHECK(header("86400") == 24h);
  CHECK(header("86400.5") == 24h);
  CHECK(header("99999999999999999999999999999999") == 24h);
  CHECK(reset("25h") == 24h);
  CHECK(reset("99999999999999999999h99999999999999999999m99999999999999999999s") == 24h);
}

TEST_CASE("garbage does not say when to come again") {
  for (const std::string_view text : {"", " ", "-1", "+1", "soon", "1e3", ".5", "5.", "1.2.3", "1,5", "0x10", "inf",
                                      "nan", "1 2", "10 seconds", "Wed, 25 Nov 2026", "2026-11-25T12:00:00Z"}) {
    INFO(text);
    CHECK_FALSE(header(text));
    CHECK_FALSE(asked({.retry_after_ms = text}));
    CHECK_FALSE(reset(text));
  }
  for (const std::string_view text : {"h", "1x", "1sec", "1s1h", "1m1m", "1s 2", "1h-2m", "6m0", "1.s", "s1", "1d"}) {
    INFO(text);
    CHECK_FALSE(reset(text));
  }
}

TEST_CASE("a reset is read as OpenAI and Groq write it") {
  CHECK(reset("1s") == 1s);
  CHECK(reset("0s") == 0ms);
  CHECK(reset("6m0s") == 6min);
  CHECK(reset("20ms") == 20ms);
  CHECK(reset("1h2m3.5s") == 1h + 2min + 3500ms);
  CHECK(reset("2m59.56s") == 2min + 59560ms);
  CHECK(reset("1m") == 1min);
  CHECK(reset("1.5h") == 90min);
  CHECK(reset("1h30s") == 1h + 30s);
  CHECK(reset("1s500ms") == 1500ms);
  CHECK(reset("0.5ms") == 1ms);
  CHECK(reset("90") == 90s);
  CHECK(reset("7.66") == 7660ms);
}

TEST_CASE("a reset is read as the gateway itself writes it") {
  for (const auto span : {0ms, 1ms, 999ms, 1000ms, 61500ms, 3'600'000ms, 86'399'001ms}) {
    CHECK(reset(to_reset_text(span)) == span);
  }
}

TEST_CASE("the header that is most precise comes first") {
  rate_limit_headers all{"1500", "17", "0", "1m", "0", "2m"};
  CHECK(asked(all) == 1500ms);
  all.retry_after_ms = "garbage";
  CHECK(asked(all) == 17s);
  all.retry_after = "garbage";
  CHECK(asked(all) == 2min);
}

TEST_CASE("the reset of what has run out counts") {
  const auto of = [](std::string_view requests, std::string_view tokens) {
    return asked({{}, {}, requests, "1m", tokens, "2m"});
  };
  CHECK(of("0", "100") == 1min);
  CHECK(of("100", "0") == 2min);
  CHECK(of("0", "0") == 2min);
  CHECK(of("0", "") == 1min);
  CHECK(of("", " 0 ") == 2min);
  CHECK(of("", "") == 2min);
  CHECK_FALSE(of("1", "100"));
  CHECK_FALSE(of("10", ""));
  CHECK_FALSE(asked({.remaining_requests = "0", .reset_tokens = "2m"}));
  CHECK(asked({.reset_tokens = "2m"}) == 2min);
  CHECK(asked({.reset_requests = "3m", .reset_tokens = "garbage"}) == 3min);
}
