#include "domain/chat/json_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace gateway;

TEST_CASE("a quoted text is JSON that means the text") {
  for (const std::string text : {"", "gpt-4o", "a\"b\\c", "tab\tline\n", "\x01\x1f", "naïve 你好 😀"}) {
    CHECK(nlohmann::json::parse(json_quoted(text)).get<std::string>() == text);
  }
  CHECK(json_quoted("a/b") == R"("a/b")");
}

TEST_CASE("unicode escapes become UTF-8") {
  CHECK(decode_unicode_escapes(R"(\u0041\u00e9\u20AC)") == "Aé€");
  CHECK(decode_unicode_escapes(R"(x\ud83d\ude00y)") == "x😀y");
  CHECK(decode_unicode_escapes("plain") == "plain");
  CHECK(decode_unicode_escapes("").empty());
}

TEST_CASE("what is no unicode escape stays as it is") {
  const std::string text = GENERATE(as<std::string>{}, R"(a\nb\"c)", R"(\\u0041)", R"(\u12)", R"(\u12G4)", R"(\u-123)",
                                    R"(end\)", R"(\\)", R"(\u)");
  CHECK(decode_unicode_escapes(text) == text);
}

TEST_CASE("half a surrogate pair becomes the replacement character") {
  CHECK(decode_unicode_escapes(R"(\ud83d!)") == "\xef\xbf\xbd!");
  CHECK(decode_unicode_escapes(R"(\ude00)") == "\xef\xbf\xbd");
  CHECK(decode_unicode_escapes(R"(\ud83d\u0041)") ==
        "\xef\xbf\xbd"
        "A");
}
