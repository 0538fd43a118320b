#include "config/base_url.hpp"

#include <catch2/catch.hpp>

#include <string>

using gateway::base_url;
using gateway::parse_base_url;

TEST_CASE("a base url falls into its parts") {
  const auto [text, want, shown] = GENERATE(table<std::string, base_url, std::string>({
      {"https://api.openai.com/v1", {true, "api.openai.com", 443, "/v1"}, "https://api.openai.com/v1"},
      {"https://api.openai.com:443/v1/", {true, "api.openai.com", 443, "/v1"}, "https://api.openai.com/v1"},
      {"http://127.0.0.1:11434/v1", {false, "127.0.0.1", 11434, "/v1"}, "http://127.0.0.1:11434/v1"},
      {"http://localhost", {false, "localhost", 80, ""}, "http://localhost"},
      {"HTTP://localhost:443//", {false, "localhost", 443, ""}, "http://localhost:443"},
      {"https://[::1]:8443/a/b", {true, "::1", 8443, "/a/b"}, "https://[::1]:8443/a/b"},
      {"http://[2001:db8::7]", {false, "2001:db8::7", 80, ""}, "http://[2001:db8::7]"},
      {"http://model_server/v1", {false, "model_server", 80, "/v1"}, "http://model_server/v1"},
  }));
  CAPTURE(text);
  const auto parsed = parse_base_url(text);
  REQUIRE(parsed.has_value());
  CHECK(*parsed == want);
  CHECK(to_string(*parsed) == shown);
}

TEST_CASE("what is not a base url is refused with a reason") {
  const auto [text, reason] = GENERATE(table<std::string, std::string>({
      {"", "must start with http:// or https://"},
      {"api.openai.com/v1", "must start with http:// or https://"},
      {"ftp://host", "must start with http:// or https://"},
      {"http://", "must name a host after the scheme"},
      {"http:///v1", "must name a host after the scheme"},
      {"http://:80", "must name a host after the scheme"},
      {"http://ho%73t", "must name a host after the scheme"},
      {"http://host/v 1", "must have no spaces or control characters"},
      {"http://host\r\nX: y", "must have no spaces or control characters"},
      {"http://user:hunter2@host", "must have no user or password: put the key into api_key"},
      {"http://host/v1?key=1", "must have no query and no fragment"},
      {"http://host?key=1", "must have no query and no fragment"},
      {"http://host/v1#there", "must have no query and no fragment"},
      {"http://host:", "must have a port between 1 and 65535, or none"},
      {"http://host:0", "must have a port between 1 and 65535, or none"},
      {"http://host:65536", "must have a port between 1 and 65535, or none"},
      {"http://host:+80", "must have a port between 1 and 65535, or none"},
      {"http://host:80:80", "must have a port between 1 and 65535, or none"},
      {"http://[::1", "has an IPv6 address without its closing bracket"},
      {"http://[host]", "may have brackets around an IPv6 address only"},
      {"http://[::1]8080", "must have a port between 1 and 65535, or none"},
      {"http://[::g]", "must name a host after the scheme"},
  }));
  CAPTURE(text);
  const auto parsed = parse_base_url(text);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error() == reason);
}
