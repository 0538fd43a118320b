#include "config/reading/substitution.hpp"

#include "tests/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using gateway::testing::scratch_directory;
using gateway::testing::variables;

namespace {

const environment known = variables({{"NAME", "value"}, {"EMPTY", ""}, {"DOLLAR", "a$"}, {"NESTED", "${NAME}"}});

std::string made_of(const std::string& text, const std::filesystem::path& directory = {}) {
  const auto made = substitute(text, {known, directory});
  return made ? *made : "error: " + made.error();
}

} // namespace

TEST_CASE("a variable is put in wherever it stands") {
  CHECK(made_of("").empty());
  CHECK(made_of("plain $ text } {") == "plain $ text } {");
  CHECK(made_of("${NAME}") == "value");
  CHECK(made_of("a ${NAME} b ${NAME}${NAME}") == "a value b valuevalue");
  CHECK(made_of("${EMPTY}").empty());
}

TEST_CASE("a default stands in for a variable that is not set or empty") {
  CHECK(made_of("${NAME:-other}") == "value");
  CHECK(made_of("${NONE:-other}") == "other");
  CHECK(made_of("${EMPTY:-other}") == "other");
  CHECK(made_of("${NONE:-}").empty());
  CHECK(made_of("${NONE:-http://host:80/a:-b}") == "http://host:80/a:-b");
}

TEST_CASE("two dollars make a literal one before a brace") {
  CHECK(made_of("$${NAME}") == "${NAME}");
  CHECK(made_of("$$${NAME}") == "$${NAME}");
  CHECK(made_of("$$ $a") == "$$ $a");
  CHECK(made_of("$${NAME} ${NAME}") == "${NAME} value");
}

TEST_CASE("nothing is replaced in what was put in") {
  CHECK(made_of("${NESTED}") == "${NAME}");
  CHECK(made_of("${DOLLAR}${NAME}") == "a$value");
}

TEST_CASE("a substitution that cannot be made says why") {
  CHECK(made_of("${NONE}") == "error: the environment variable NONE is not set");
  CHECK(made_of("${NAME") == "error: has a ${ without its }");
  CHECK(made_of("${A:-${NAME}}") == "error: the default of A may not hold another ${...}");
  const auto* const malformed = GENERATE("${}", "${1A}", "${A B}", "${A-b}", "${:-b}", "${A:b}", "${ A}");
  CAPTURE(malformed);
  CHECK(made_of(malformed) ==
        "error: has a malformed ${...}: write ${NAME}, ${NAME:-default} or ${file:PATH}, and "
        "$${ for a literal ${");
}

TEST_CASE("a file is put in without the newline at its end") {
  const scratch_directory directory;
  directory.write("plain", "secret");
  directory.write("unix", "secret\n");
  directory.write("windows", "secret\r\n");
  directory.write("two", "se\ncret\n\n");
  directory.write("empty", "");
  CHECK(made_of("${file:plain}", directory.path()) == "secret");
  CHECK(made_of("<${file:unix}>", directory.path()) == "<secret>");
  CHECK(made_of("${file:windows}", directory.path()) == "secret");
  CHECK(made_of("${file:two}", directory.path()) == "se\ncret\n");
  CHECK(made_of("${file:empty}", directory.path()).empty());
  CHECK(made_of("${file:" + (directory.path() / "plain").string() + "}", "/elsewhere") == "secret");
}

TEST_CASE("a file that cannot be had is named") {
  const scratch_directory directory;
  directory.write("large", std::string((1 << 20) + 1, 'x'));
  CHECK(made_of("${file:none}", directory.path()) == "error: the file none cannot be read: No such file or directory");
  CHECK(made_of("${file:.}", directory.path()) == "error: the file . cannot be read: Is a directory");
  CHECK(made_of("${file:large}", directory.path()) == "error: the file large is larger than 1048576 bytes");
  CHECK(made_of("${file:}", directory.path()) == "error: ${file:} needs a path");
}
