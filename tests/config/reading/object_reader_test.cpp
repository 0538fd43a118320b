#include "config/reading/object_reader.hpp"

#include "config/reading/complaint.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <array>

using namespace gateway;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

enum class colour { red, green };
constexpr std::array<named<colour>, 2> colours{{{"red", colour::red}, {"green", colour::green}}};

struct shelf {
  std::uint16_t width = 40;
  std::chrono::milliseconds dries{500};
  colour paint = colour::green;
  std::vector<std::string> books;
};

void read_shelf(object_reader& in, shelf& to) {
  in.number("width", to.width, between{1, 60000}, "How wide.");
  in.seconds("dries_s", to.dries, "How long it dries.");
  in.choice("paint", to.paint, colours, "Its colour.");
  in.texts("books", to.books, "What stands on it.");
}

std::vector<std::string> read(const json& tree, shelf& to) {
  complaints said("f");
  object_reader::read_tree(tree, said, [&](object_reader& in) { read_shelf(in, to); });
  std::vector<std::string> lines;
  for (const auto& one : std::move(said).take()) lines.push_back(one.pointer + " " + one.message);
  return lines;
}

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("keys that are there are taken over and the others keep their defaults") {
  shelf to;
  CHECK(read({{"width", 60000}, {"paint", "red"}}, to).empty());
  CHECK(to.width == 60000);
  CHECK(to.paint == colour::red);
  CHECK(to.dries == 500ms);

  CHECK(read({{"dries_s", 0.25}, {"books", {"a", "b"}}}, to).empty());
  CHECK(to.dries == 250ms);
  CHECK(to.books == lines{"a", "b"});
}

TEST_CASE("a number that JSON Schema calls whole is whole") {
  shelf to;
  CHECK(read({{"width", 8.0}}, to).empty());
  CHECK(to.width == 8);
  CHECK(read(json::parse(R"({"width": 1e3})"), to).empty());
  CHECK(to.width == 1000);
}

TEST_CASE("a value that is wrong is complained of and changes nothing") {
  const auto [text, complaint] = GENERATE(table<std::string, std::string>({
      {R"({"width": 0})", "/width must be between 1 and 60000"},
      {R"({"width": 60001})", "/width must be between 1 and 60000"},
      {R"({"width": 18446744073709551615})", "/width must be between 1 and 60000"},
      {R"({"width": 1.5})", "/width must be a whole number, has a fraction"},
      {R"({"width": "40"})", "/width must be a whole number, is string"},
      {R"({"width": null})", "/width must be a whole number, is null"},
      {R"({"dries_s": 0})", "/dries_s must be between 0.001 and 86400"},
      {R"({"dries_s": -1})", "/dries_s must be between 0.001 and 86400"},
      {R"({"dries_s": 86400.5})", "/dries_s must be between 0.001 and 86400"},
      {R"({"paint": "blue"})", "/paint must be one of red, green"},
      {R"({"paint": 1})", "/paint must be one of red, green"},
      {R"({"books": "a"})", "/books must be an array of strings, is string"},
      {R"({"books": [1]})", "/books/0 must be a string, is number"},
      {R"({"with": 1})", "/with unknown key; did you mean \"width\"?"},
      {R"([])", " must be an object, is array"},
  }));
  CAPTURE(text);
  shelf to;
  CHECK(read(json::parse(text), to) == lines{complaint});
  CHECK(to.width == 40);
  CHECK(to.dries == 500ms);
  CHECK(to.paint == colour::green);
}

TEST_CASE("an element that is wrong keeps its place") {
  shelf to;
  CHECK(read({{"books", {"a", 1, "c"}}}, to) == lines{"/books/1 must be a string, is number"});
  CHECK(to.books == lines{"a", "", "c"});
}

TEST_CASE("the calls that read also describe") {
  shelf to;
  const auto keys = object_reader::describe([&](object_reader& in) {
    in.object("shelf", "One.", [&](object_reader& one) { read_shelf(one, to); });
    std::map<std::string, shelf> more;
    in.each("more", more, shelf{}, read_shelf, "By name.");
  });
  REQUIRE(keys.size() == 10);
  CHECK(keys[0].pointer == "/shelf");
  CHECK(keys[0].type == "object");
  CHECK(keys[1].pointer == "/shelf/width");
  CHECK(keys[1].type == "integer");
  CHECK(keys[1].doc == "How wide.");
  CHECK(keys[1].standard == "40");
  CHECK(keys[1].bounds->most == 60000);
  CHECK(keys[2].standard == "0.5");
  CHECK(keys[3].choices == lines{"red", "green"});
  CHECK(keys[3].standard == "\"green\"");
  CHECK(keys[4].standard == "[]");
  CHECK(keys[6].pointer == "/more/*/width");
}
