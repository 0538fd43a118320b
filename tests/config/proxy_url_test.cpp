#include "config/proxy_url.hpp"

#include <catch2/catch.hpp>

#include <string>

using gateway::parse_proxy_url;

TEST_CASE("a proxy's url falls into a host, a port and Basic credentials") {
  const auto [text, shown, authorization] = GENERATE(table<std::string, std::string, std::string>({
      {"http://proxy.example.com:3128", "proxy.example.com:3128", ""},
      {"HTTP://proxy:80/", "proxy:80", ""},
      {"http://[::1]:8080", "[::1]:8080", ""},
      {"http://u:p@proxy:3128", "proxy:3128", "Basic dTpw"},
      {"http://Aladdin:open%20sesame@10.0.0.1:1", "10.0.0.1:1", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}, // RFC 7617
      {"http://u:a%2Fb%40c@[::1]:1", "[::1]:1", "Basic dTphL2JAYw=="},
      {"http://u:a@b:c@proxy:1", "proxy:1", "Basic dTphQGI6Yw=="},
      {"http://only-a-user@proxy:1", "proxy:1", "Basic b25seS1hLXVzZXI6"},
  }));
  CAPTURE(text);
  const auto parsed = parse_proxy_url(text);
  REQUIRE(parsed.has_value());
  CHECK(to_string(*parsed) == shown);
  CHECK(parsed->authorization.reveal() == authorization);
}

TEST_CASE("what is not a proxy's url is refused with a reason that repeats nothing of it") {
  const auto [text, reason] = GENERATE(table<std::string, std::string>({
      {"", "must start with http://, such as http://proxy.example.com:3128"},
      {"https://u:hunter2@proxy:1", "must start with http://, such as http://proxy.example.com:3128"},
      {"u:hunter2@proxy:3128", "must start with http://, such as http://proxy.example.com:3128"},
      {"http://u:hunter2@proxy", "must have a port, such as http://proxy.example.com:3128"},
      {"http://u:hunter2@[::1]", "must have a port, such as http://proxy.example.com:3128"},
      {"http://u:hunter2@proxy:", "must have a port between 1 and 65535, or none"},
      {"http://u:hunter2@proxy:0", "must have a port between 1 and 65535, or none"},
      {"http://u:hunter2@:1", "must name a host after the scheme"},
      {"http://u:hunter 2@proxy:1", "must be visible ASCII characters only; percent-encode the others"},
      {"http://u:hunter2\r\n@proxy:1", "must be visible ASCII characters only; percent-encode the others"},
      {"http://u:hunter2%2@proxy:1", "has a % without two hex digits after it"},
      {"http://u:hunter2%zz@proxy:1", "has a % without two hex digits after it"},
      {"http://u:hunter2%@proxy:1", "has a % without two hex digits after it"},
      {"http://u%3Av:hunter2@proxy:1", "must have no colon in the user"},
      {"http://u:hunter2/x@proxy:1", "must end after the port; percent-encode / ? # in a password"},
      {"http://u:hunter2@proxy:1/path", "must end after the port; percent-encode / ? # in a password"},
  }));
  CAPTURE(text);
  const auto parsed = parse_proxy_url(text);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error() == reason);
}
