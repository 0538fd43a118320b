#include "domain/chat/sse_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace gateway;
using namespace std::string_literals;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

using events = std::vector<std::string>;
using pieces = std::vector<std::string_view>;

struct fixture {
  std::string name;
  std::string stream;
  events expected;
};

const std::vector<fixture>& fixtures() {
  static const std::vector<fixture> all{
      {"LF", "data: {\"a\":1}\n\n", {"{\"a\":1}"}},
      {"CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", {"a", "b"}},
      {"CR", "data: a\r\rdata: b\r\r", {"a", "b"}},
      {"mixed ends of lines", "data: a\r\n\ndata: b\r\r\ndata: c\n\rdata: d\n\r\n", {"a", "b", "c", "d"}},
      {"one event of lines that end differently", "data: a\rdata: b\r\ndata: c\n\r", {"a\nb\nc"}},
      {"LF CR is a line and a blank line", "data: a\n\rdata: b\n\n", {"a", "b"}},
      {"byte order mark", "\xef\xbb\xbf" + "data: a\n\n"s, {"a"}},
      {"a second byte order mark", "\xef\xbb\xbf\xef\xbb\xbf" + "data: a\n\ndata: b\n\n"s, {"b"}},
      {"a byte order mark before a blank line", "\xef\xbb\xbf" + "\ndata: a\n\n"s, {"a"}},
      {"a byte order mark in the data", "data: \xef\xbb\xbf{}\n\n", {"\xef\xbb\xbf{}"}},
      {"comments", ": hello\n:\n:\r\n\ndata: a\n: b\ndata: c\n\n", {"a\nc"}},
      {"ping", ": ping\n\n: ping\n\ndata: a\n\n: ping\n\n", {"a"}},
      {"OpenRouter's comment", ": OPENROUTER PROCESSING\n\ndata: {}\n\n", {"{}"}},
      {"no space behind the colon", "data:{\"a\":1}\n\ndata:b\n\n", {"{\"a\":1}", "b"}},
      {"only the first space is dropped", "data:   a \n\n", {"  a "}},
      {"a tab is not a space", "data:\ta\n\n", {"\ta"}},
      {"several lines of data", "data: {\ndata: \"a\":1\ndata: }\n\n", {"{\n\"a\":1\n}"}},
      {"id, retry and event", "id: 1\nevent: x\nretry: 10\ndata: a\n\nid\nevent\n\n", {"a"}},
      {"fields between lines of data", "data: a\nid: 7\ndata: b\nevent: y\n\n", {"a\nb"}},
      {"fields of another case", "Data: a\nDATA: b\ndata: c\n\n", {"c"}},
      {"a line without colon", "nonsense\ndata: a\n\n", {"a"}},
      {"empty data", "data:\n\ndata: \n\ndata: a\n\n", {"a"}},
      {"data without colon", "data\n\ndata: a\n\n", {"a"}},
      {"two lines of data without colon", "data\ndata\n\n", {"\n"}},
      {"data without colon among others", "data: a\ndata\ndata: b\n\n", {"a\n\nb"}},
      {"several events", "data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n", {"1", "2", "3", "4"}},
      {"the end", "data: {}\n\ndata: [DONE]\n\n", {"{}", "[DONE]"}},
      {"no blank line at the end", "data: a\n\ndata: [DONE]\n", {"a", "[DONE]"}},
      {"no end of line at the end", "data: a\n\ndata: [DONE]", {"a", "[DONE]"}},
      {"CR at the end", "data: a\r\n\r\ndata: b\r", {"a", "b"}},
      {"a CRLF cut in two at the end", "data: a\r\n\r\ndata: b\r\n\r", {"a", "b"}},
      {"cut in the name of a field", "data: a\n\ndat", {"a"}},
      {"cut in a byte order mark", "\xef\xbb", {}},
      {"U+2028 and U+0085 end no line", "data: \xe2\x80\xa8-\xc2\x85-\n\n", {"\xe2\x80\xa8-\xc2\x85-"}},
      {"VT and FF end no line", "data: a\vb\fc\n\n", {"a\vb\fc"}},
      {"NUL", "data: a\0b\n\0\ndata: c\n\n"s, {"a\0b\nc"s}},
      {"UTF-8 of four bytes", "data: \xf0\x9f\x98\x80\xf0\x9f\x91\x8d\n\n", {"\xf0\x9f\x98\x80\xf0\x9f\x91\x8d"}},
      {"what is not UTF-8", "data: \xff\xfe\xc0\n\n", {"\xff\xfe\xc0"}},
      {"nothing but ends of lines", "\n\r\r\n\n\r\n\r", {}},
  };
  return all;
}

events read(const pieces& stream) {
  sse_reader reader(mebibyte);
  events got;
  for (const auto piece : stream) {
    reader.feed(piece);
    while (const auto data = reader.next()) got.emplace_back(*data);
  }
  if (const auto data = reader.finish()) got.emplace_back(*data);
  CHECK_FALSE(reader.too_large());
  return got;
}

pieces cut(std::string_view stream, std::size_t first, std::size_t second) {
  return {stream.substr(0, first), stream.substr(first, second - first), stream.substr(second)};
}

pieces cut_every(std::string_view stream, std::size_t size) {
  pieces all;
  for (std::size_t from = 0; from < stream.size(); from += size) all.push_back(stream.substr(from, size));
  return all;
}

} // namespace

TEST_CASE("a stream that comes whole has the events of the standard") {
  for (const auto& each : fixtures()) {
    INFO(each.name);
    CHECK(read({each.stream}) == each.expected);
  }
}

TEST_CASE("a stream in two pieces has the events of the whole one") {
  for (const auto& each : fixtures()) {
    for (std::size_t at = 0; at <= each.stream.size(); ++at) {
      INFO(each.name << ", split at " << at);
      REQUIRE(read(cut(each.stream, at, each.stream.size())) == each.expected);
    }
  }
}

TEST_CASE("a short stream in three pieces has the events of the whole one") {
  for (const auto& each : fixtures()) {
    if (each.stream.size() >= 60) continue;
    for (std::size_t first = 0; first <= each.stream.size(); ++first) {
      for (std::size_t second = first; second <= each.stream.size(); ++second) {
        INFO(each.name << ", split at " << first << " and " << second);
        REQUIRE(read(cut(each.stream, first, second)) == each.expected);
      }
    }
  }
}

TEST_CASE("a stream in small pieces has the events of the whole one") {
  for (const auto& each : fixtures()) {
    for (std::size_t size = 1; size <= 4; ++size) {
      INFO(each.name << ", pieces of " << size);
      CHECK(read(cut_every(each.stream, size)) == each.expected);
    }
  }
}

TEST_CASE("streams one behind the other have the events of each") {
  std::string stream;
  events expected;
  for (const auto& each : fixtures()) {
    // The blank lines end what a fixture leaves open; a byte order mark only counts at the start of all.
    if (each.stream.starts_with("\xef\xbb")) continue;
    stream += each.stream + "\n\n";
    expected.insert(expected.end(), each.expected.begin(), each.expected.end());
  }
  CHECK(read({stream}) == expected);
  CHECK(read(cut_every(stream, 1)) == expected);
  CHECK(read(cut_every(stream, 7)) == expected);
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    INFO("split at " << at);
    REQUIRE(read(cut(stream, at, stream.size())) == expected);
  }
}

TEST_CASE("an event of more than a mebibyte comes whole when its limit allows it") {
  const std::string half(mebibyte / 2 + 7, 'x');
  const std::string joined = half + "\n" + half;
  const auto end = GENERATE(as<std::string>{}, "\n", "\r", "\r\n");
  const std::string stream =
      "data: a" + end + end + "data: " + half + end + "data: " + half + end + end + "data: b" + end;
  for (const std::size_t size : {std::size_t{1021}, std::size_t{16384}, stream.size()}) {
    sse_reader reader(joined.size());
    events got;
    for (const auto piece : cut_every(stream, size)) {
      reader.feed(piece);
      while (const auto data = reader.next()) got.emplace_back(*data);
    }
    if (const auto data = reader.finish()) got.emplace_back(*data);
    CHECK_FALSE(reader.too_large());
    // Not CHECK(got == ...): a failure would print it all.
    CHECK((got == events{"a", joined, "b"}));
  }
}

TEST_CASE("an event over its limit ends the stream, however it comes") {
  const std::string stream = "data: a\n\ndata: " + std::string(mebibyte + 1, 'x') + "\n\ndata: b\n\n";
  for (const std::size_t size : {std::size_t{1021}, std::size_t{16384}, stream.size()}) {
    INFO("pieces of " << size);
    sse_reader reader(mebibyte);
    events got;
    std::size_t fed = 0;
    for (const auto piece : cut_every(stream, size)) {
      if (reader.too_large()) break;
      reader.feed(piece);
      fed += piece.size();
      while (const auto data = reader.next()) got.emplace_back(*data);
    }
    CHECK(reader.too_large());
    CHECK_FALSE(reader.finish());
    CHECK(got == events{"a"});
    CHECK(fed <= std::min(stream.size(), mebibyte + 100 + size));
  }
}
