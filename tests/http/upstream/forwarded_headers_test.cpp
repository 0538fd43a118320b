#include "http/upstream/forwarded_headers.hpp"

#include "tests/http/wire/sample_request.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using test::sample_request;

TEST_CASE("what the contract names crosses to the provider, in any case of letters and as it was sent") {
  const auto lines = forwarded_headers(sample_request("POST", "/chat",
                                                      {{"Accept", "text/event-stream"},
                                                       {"OpenAI-Beta", "assistants=v2"},
                                                       {"anthropic-version", "2023-06-01"},
                                                       {"anthropic-beta", "a"},
                                                       {"anthropic-beta", "b"},
                                                       {"traceparent", "00-1-2-01"},
                                                       {"TRACESTATE", "x=y"},
                                                       {"User-Agent", "test/1"}}));
  CHECK(
      lines ==
      "Accept: text/event-stream\r\nOpenAI-Beta: assistants=v2\r\nanthropic-version: 2023-06-01\r\n"
      "anthropic-beta: a\r\nanthropic-beta: b\r\ntraceparent: 00-1-2-01\r\nTRACESTATE: x=y\r\nUser-Agent: test/1\r\n");
}

TEST_CASE("nothing else crosses, credentials and cookies least of all") {
  const std::string name =
      GENERATE("Authorization", "X-API-Key", "api-key", "X-Admin-Token", "Cookie", "Host", "Connection",
               "Content-Length", "Transfer-Encoding", "Expect", "Upgrade", "Proxy-Authorization", "X-Forwarded-For",
               "X-Request-ID", "TE", "X-Accept", "Accept-Encoding", "OpenAI-Organization");
  CHECK(forwarded_headers(sample_request("POST", "/chat", {{name, "x"}})).empty());
}

} // namespace
} // namespace gateway
