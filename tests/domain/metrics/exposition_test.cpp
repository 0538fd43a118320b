#include "domain/metrics/exposition.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway;
using namespace std::chrono_literals;

TEST_CASE("a metric is its help, its type and its samples") {
  exposition out;
  out.metric("requests_total", "counter", "How many.");
  out.sample({}, 3);
  out.sample({{"model", "gpt"}, {"status", "200"}}, 18'446'744'073'709'551'615U);
  CHECK(out.take() ==
        "# HELP requests_total How many.\n"
        "# TYPE requests_total counter\n"
        "requests_total 3\n"
        "requests_total{model=\"gpt\",status=\"200\"} 18446744073709551615\n");
}

TEST_CASE("the value of a label may hold anything: backslash, quote and line break are escaped") {
  exposition out;
  out.metric("m", "gauge", "A \"quoted\" word,\na second line and C:\\.");
  out.sample({{"a", "C:\\\"x\"\n{}=,"}}, 1);
  CHECK(out.take() ==
        "# HELP m A \"quoted\" word,\\na second line and C:\\\\.\n"
        "# TYPE m gauge\n"
        "m{a=\"C:\\\\\\\"x\\\"\\n{}=,\"} 1\n");
}

TEST_CASE("a scaled value is written exactly, without needless zeros") {
  exposition out;
  out.metric("m", "gauge", "h");
  out.take();
  out.sample({}, 1'000'001, 6);
  out.sample({}, 2'500'000, 6);
  out.sample({}, 3'000'000, 6);
  out.sample({}, 7, 6);
  out.sample({}, 0, 6);
  CHECK(out.take() == "m 1.000001\nm 2.5\nm 3\nm 0.000007\nm 0\n");
}

TEST_CASE("a histogram is its buckets in seconds, each with all shorter times in it, its sum and its count") {
  histogram times;
  times.observe(20us);
  times.observe(1500us);
  times.observe(200s);
  exposition out;
  out.metric("took_seconds", "histogram", "h");
  out.sample({{"endpoint", "/chat"}}, times);
  const auto text = out.take();
  CHECK(text.find("took_seconds_bucket{endpoint=\"/chat\",le=\"0.00001\"} 0\n"
                  "took_seconds_bucket{endpoint=\"/chat\",le=\"0.000025\"} 1\n"
                  "took_seconds_bucket{endpoint=\"/chat\",le=\"0.00005\"} 1\n") != std::string::npos);
  CHECK(text.find("le=\"0.001\"} 1\n") != std::string::npos);
  CHECK(text.find("le=\"0.0025\"} 2\n") != std::string::npos);
  CHECK(text.find("le=\"100\"} 2\n"
                  "took_seconds_bucket{endpoint=\"/chat\",le=\"+Inf\"} 3\n"
                  "took_seconds_sum{endpoint=\"/chat\"} 200.00152\n"
                  "took_seconds_count{endpoint=\"/chat\"} 3\n") != std::string::npos);
}

TEST_CASE("the buckets of a histogram without labels have only their bound") {
  exposition out;
  out.metric("t", "histogram", "h");
  out.take();
  out.sample({}, histogram());
  CHECK(out.take().starts_with("t_bucket{le=\"0.00001\"} 0\n"));
}
