#include "http/wire/header_lines.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gateway {
namespace {

std::string text_of(const header_lines& fields) {
  std::string all;
  for (std::size_t i = 0; i < fields.count(); ++i) all += fields.line(i);
  return all;
}

TEST_CASE("fields are kept as the lines that they came in") {
  header_lines fields;
  fields.add("Host", "h");
  fields.add("X-Empty", "");
  CHECK(text_of(fields) == "Host: h\r\nX-Empty: \r\n");
  CHECK(fields.value_of("host") == "h");
  CHECK(fields.value_of("x-empty").empty());
}

TEST_CASE("a field is found by its whole name, in any case of letters, and the first one counts") {
  header_lines fields;
  fields.add("X-Key-Two", "no");
  fields.add("X-KEY", "one");
  fields.add("x-key", "two");
  fields.add("X", "x-key: three");
  CHECK(fields.value_of("x-key") == "one");
  CHECK(fields.value_of("x-ke").empty());
  CHECK(fields.value_of("x-keys").empty());
}

TEST_CASE("every field of a name is erased, and the others stay in their order") {
  header_lines fields;
  fields.add("Drop", "1");
  fields.add("A", "1");
  fields.add("drop", "2");
  fields.add("B", "2");
  fields.add("DROP", "3");
  fields.erase("drop");
  CHECK(text_of(fields) == "A: 1\r\nB: 2\r\n");
  CHECK(fields.count() == 2);
  fields.erase("c");
  CHECK(fields.count() == 2);
}

TEST_CASE("a header may be longer than its buffer") {
  header_lines fields;
  const std::string value(300, 'v');
  for (int i = 0; i < 100; ++i) fields.add("X-" + std::to_string(i), value + std::to_string(i));
  CHECK(fields.count() == 100);
  for (int i = 0; i < 100; ++i) CHECK(fields.value_of("x-" + std::to_string(i)) == value + std::to_string(i));
}

TEST_CASE("a name is a name whatever its case, and nothing else is") {
  CHECK(is_named("Application/JSON", "application/json"));
  CHECK_FALSE(is_named("application/jsom", "application/json"));
  CHECK_FALSE(is_named("application/json ", "application/json"));
  CHECK_FALSE(is_named("", "a"));
}

TEST_CASE("a number is written out") {
  header_buffer text;
  append_header(text, "N", std::uint64_t{18446744073709551615u});
  append_header(text, "Z", std::uint64_t{0});
  append(text, "\r\n");
  CHECK(view(text) == "N: 18446744073709551615\r\nZ: 0\r\n\r\n");
}

} // namespace
} // namespace gateway
