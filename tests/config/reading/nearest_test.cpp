#include "config/reading/nearest.hpp"

#include <catch2/catch.hpp>

#include <string>

using gateway::edit_distance;
using gateway::suggest;

TEST_CASE("edit distance counts letters put in and taken out and replaced and swapped") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("port", "port") == 0);
  CHECK(edit_distance("Port", "port") == 0);
  CHECK(edit_distance("", "port") == 4);
  CHECK(edit_distance("prt", "port") == 1);
  CHECK(edit_distance("poort", "port") == 1);
  CHECK(edit_distance("pork", "port") == 1);
  CHECK(edit_distance("prot", "port") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("ca", "abc") == 3);
}

TEST_CASE("the nearest known word is suggested") {
  CHECK(suggest("prot", {"host", "port"}) == R"(did you mean "port"?)");
  CHECK(suggest("firstTokenS", {"first_byte_s", "first_token_s", "total_s"}) == R"(did you mean "first_token_s"?)");
}

TEST_CASE("a word that is far from all gets the whole list") {
  CHECK(suggest("temperature", {"host", "port"}) == "known are: host, port");
  CHECK(suggest("", {"host", "port"}) == "known are: host, port");
  CHECK(suggest(std::string(1'000'000, 'p'), {"host", "port"}) == "known are: host, port");
  CHECK(suggest("port", {}) == "none is known here");
}
