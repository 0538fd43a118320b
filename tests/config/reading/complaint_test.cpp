#include "config/reading/complaint.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

TEST_CASE("a pointer escapes what JSON Pointer uses itself") {
  CHECK(below("", "listen") == "/listen");
  CHECK(below("/models", "openai/*") == "/models/openai~1*");
  CHECK(below("/models", "a~b") == "/models/a~0b");
  CHECK(below("/models/m/targets", std::size_t{3}) == "/models/m/targets/3");
}

TEST_CASE("a complaint is one line that no key can break") {
  CHECK(to_string(complaint{"a.json", "/listen/prot", "unknown key"}) == "a.json: /listen/prot: unknown key");
  CHECK(to_string(complaint{"a.json", "", "is empty"}) == "a.json: is empty");
  CHECK(to_string(complaint{"a.json", "/a\n\x1b[31m", "unknown key"}) == "a.json: /a\\x0a\\x1b[31m: unknown key");
}

TEST_CASE("a complaint about a place covers what is below it and nothing else") {
  complaints said("a.json");
  said.add({}, "about the whole file");
  said.add("/models/m", "not an object");
  CHECK(said.about("/models/m"));
  CHECK(said.about("/models/m/targets/0"));
  CHECK_FALSE(said.about("/models"));
  CHECK_FALSE(said.about("/models/mm"));
  CHECK_FALSE(said.about("/listen"));

  said.add_news("/models/m/targets", "no news");
  said.add_news("/listen", "news");
  const auto all = std::move(said).take();
  REQUIRE(all.size() == 3);
  CHECK(all.back().message == "news");
}
