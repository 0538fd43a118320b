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
  bool locked = false;
  std::chrono::milliseconds dusted{0};
};

void read_shelf(object_reader& in, shelf& to) {
  in.number("width", to.width, between{1, 60000}, "How wide.");
  in.seconds("dries_s", to.dries, "How long it dries.");
  in.choice("paint", to.paint, colours, "Its colour.");
  in.texts("books", to.books, "What stands on it.");
  in.flag("locked", to.locked, "Whether it is.");
  in.seconds_or_zero("dusted_s", to.dusted, "How often. 0: never.");
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
      {R"({"locked": 1})", "/locked must be true or false, is number"},
      {R"({"dusted_s": -0.5})", "/dusted_s must be between 0 and 86400"},
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

TEST_CASE("a time that may be zero is not rounded down to it") {
  const auto [text, span] = GENERATE(table<std::string, std::chrono::milliseconds>(
      {{"0", 0ms}, {"0.0001", 1ms}, {"0.0015", 2ms}, {"2.5", 2500ms}, {"86400", 86'400'000ms}}));
  CAPTURE(text);
  shelf to;
  to.dusted = 7ms;
  CHECK(read(json::parse(R"({"dusted_s": )" + text + "}"), to).empty());
  CHECK(to.dusted == span);
}

TEST_CASE("a flag is true or false") {
  shelf to;
  CHECK(read({{"locked", true}}, to).empty());
  CHECK(to.locked);
  CHECK(read({{"locked", false}}, to).empty());
  CHECK_FALSE(to.locked);
}

TEST_CASE("secrets are texts, and a refusal adds nothing to what was said of them") {
  const auto read_secrets = [](const char* text, std::vector<secret>& to) {
    complaints said("f");
    object_reader::read_tree(json::parse(text), said, [&](object_reader& in) {
      in.texts("hidden", to, "What nobody sees.");
      for (std::size_t i = 0; i < to.size(); ++i) {
        if (to[i].empty()) in.refuse("hidden", i, "must not be empty");
      }
    });
    return std::move(said).take();
  };
  std::vector<secret> to;
  CHECK(read_secrets(R"({"hidden": ["a", "b"]})", to).empty());
  CHECK(to == std::vector{secret("a"), secret("b")});
  const auto said = read_secrets(R"({"hidden": [5, ""]})", to);
  REQUIRE(said.size() == 2);
  CHECK(to_string(said[0]) == "f: /hidden/0: must be a string, is number");
  CHECK(to_string(said[1]) == "f: /hidden/1: must not be empty");
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
  REQUIRE(keys.size() == 14);
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
  CHECK(keys[5].type == "boolean");
  CHECK(keys[5].standard == "false");
  CHECK(keys[6].bounds->least == 0);
  CHECK(keys[8].pointer == "/more/*/width");
}
