#include "domain/chat/request_edit.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace gateway;

namespace {

std::string edited(std::string body, std::string_view model = {}) {
  const auto scan = scan_request(body, surface::chat_completions);
  INFO(body);
  REQUIRE(scan);
  return edited_body(body, *scan, model).text();
}

} // namespace

TEST_CASE("an edit changes what it must and no other byte") {
  struct example {
    std::string_view model;
    std::string before;
    std::string after;
  };
  const example examples[] = {
      // The model alone.
      {"b", R"({"model":"a","messages":[{}]})", R"({"model":"b","messages":[{}]})"},
      {"b", R"( { "model" : "a" , "messages":[{}]} )", R"( { "model" : "b" , "messages":[{}]} )"},
      {"long-name", R"({"messages":[{}],"model":"a"})", R"({"messages":[{}],"model":"long-name"})"},
      {"a\"\\b", R"({"model":"a","messages":[{}]})", R"({"model":"a\"\\b","messages":[{}]})"},
      {"b", R"({"mod\u0065l":"\u0061","messages":[{}]})", R"({"mod\u0065l":"b","messages":[{}]})"},
      {"b", R"({"messages":[{}]})", R"({"model":"b","messages":[{}]})"},
      // Usage alone: no options, empty ones, others, false, null.
      {"", R"({"stream":true,"messages":[{}]})",
       R"({"stream_options":{"include_usage":true},"stream":true,"messages":[{}]})"},
      {"", R"({"stream":true,"messages":[{}],"stream_options":{}})",
       R"({"stream":true,"messages":[{}],"stream_options":{"include_usage":true}})"},
      {"", R"({"stream_options":{ },"stream":true,"messages":[{}]})",
       R"({"stream_options":{"include_usage":true },"stream":true,"messages":[{}]})"},
      {"", R"({"stream":true,"stream_options": {"include_obfuscation":false},"messages":[{}]})",
       R"({"stream":true,"stream_options": {"include_usage":true,"include_obfuscation":false},"messages":[{}]})"},
      {"", R"({"stream":true,"stream_options":{"x":{},"include_usage": false , "y":1},"messages":[{}]})",
       R"({"stream":true,"stream_options":{"x":{},"include_usage": true , "y":1},"messages":[{}]})"},
      {"", R"({"stream":true,"stream_options":{"include_usage":null},"messages":[{}]})",
       R"({"stream":true,"stream_options":{"include_usage":true},"messages":[{}]})"},
      {"", R"({"stream":true,"stream_options":null,"messages":[{}]})",
       R"({"stream":true,"stream_options":{"include_usage":true},"messages":[{}]})"},
      // Both, in either order, and both put in front.
      {"b", R"({"model":"a","stream":true,"stream_options":null,"messages":[{}]})",
       R"({"model":"b","stream":true,"stream_options":{"include_usage":true},"messages":[{}]})"},
      {"b", R"({"stream":true,"stream_options":{"include_usage":false},"model":"a","messages":[{}]})",
       R"({"stream":true,"stream_options":{"include_usage":true},"model":"b","messages":[{}]})"},
      {"b", R"({"stream":true,"messages":[{}]})",
       R"({"model":"b","stream_options":{"include_usage":true},"stream":true,"messages":[{}]})"},
  };
  for (const auto& [model, before, after] : examples) {
    CHECK(edited(before, model) == after);
    CHECK(nlohmann::json::accept(after));
  }
}

TEST_CASE("numbers, unknown fields and blanks cross an edit as they were written") {
  const std::string rest = R"(, "temperature" : 1.000, "seed":12345678901234567890123, "x":1e400,"é":"\u00e9\/" ,)"
                           "\n\t\"messages\" : [ {\"role\":\"user\"} ] }";
  CHECK(edited(R"({"model":"a")" + rest, "b") == R"({"model":"b")" + rest);
}

TEST_CASE("a body that needs no edit is one piece: itself") {
  for (const std::string& body : {
           std::string(R"({"model":"a","messages":[{}]})"),
           std::string(R"({"model":"a","messages":[{}],"stream":false,"stream_options":{"include_usage":false}})"),
           std::string(R"({"model":"a","messages":[{}],"stream":true,"stream_options":{"include_usage":true}})"),
       }) {
    std::string given = body;
    const auto scan = scan_request(given, surface::chat_completions);
    REQUIRE(scan);
    const edited_body sent(given, *scan, "a");
    REQUIRE(sent.pieces().size() == 1);
    CHECK(sent.pieces().front() == body);
    CHECK(sent.pieces().front().data() == given.data());
  }
}

TEST_CASE("an edit copies nothing of the body, and says how long it has become") {
  std::string body = R"({"model":"a","messages":[{}],"stream":true})";
  const auto scan = scan_request(body, surface::chat_completions);
  REQUIRE(scan);
  const edited_body sent(body, *scan, "a-much-longer-name");
  const auto pieces = sent.pieces();
  REQUIRE(pieces.size() == 5);
  CHECK(pieces[0] == "{");
  CHECK(pieces[0].data() == body.data());
  CHECK(pieces[3] == "\"a-much-longer-name\"");
  CHECK(pieces[4].data() == body.data() + body.find(",\"messages"));
  CHECK(sent.text() ==
        R"({"stream_options":{"include_usage":true},"model":"a-much-longer-name","messages":[{}],"stream":true})");
  CHECK(sent.size() == sent.text().size());
}

TEST_CASE("the caller's wish for usage is seen apart from the edit") {
  std::string asked = R"({"messages":[{}],"stream":true,"stream_options":{"include_usage":true}})";
  std::string declined = R"({"messages":[{}],"stream":true,"stream_options":{"include_usage":false}})";
  CHECK(scan_request(asked, surface::chat_completions)->include_usage);
  CHECK_FALSE(scan_request(declined, surface::chat_completions)->include_usage);
}
