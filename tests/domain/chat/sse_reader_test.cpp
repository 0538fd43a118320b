#include "domain/chat/sse_reader.hpp"

#include <catch2/catch.hpp>

#include <ctime>
#include <vector>

using namespace gateway;

namespace {

using events = std::vector<std::string>;

constexpr std::size_t limit = 64;

struct reading {
  events got;
  bool too_large = false;
  friend bool operator==(const reading&, const reading&) = default;
};

void drain(sse_reader& reader, events& into) {
  while (const auto data = reader.next()) into.emplace_back(*data);
}

reading read(const std::vector<std::string_view>& pieces) {
  sse_reader reader(limit);
  reading result;
  for (const auto piece : pieces) {
    reader.feed(piece);
    drain(reader, result.got);
  }
  if (const auto data = reader.finish()) result.got.emplace_back(*data);
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.finish());
  result.too_large = reader.too_large();
  return result;
}

reading read_bytewise(std::string_view stream) {
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < stream.size(); ++i) bytes.push_back(stream.substr(i, 1));
  return read(bytes);
}

struct fixture {
  std::string name;
  std::string stream;
  events expected;
  bool too_large = false;
};

std::vector<fixture> fixtures() {
  const std::string full(limit, 'x');
  return {
      {"nothing", "", {}},
      {"one event", "data: a\n\n", {"a"}},
      {"two events and the end",
       "data: {\"a\":1}\n\ndata: {\"b\":2}\n\ndata: [DONE]\n\n",
       {"{\"a\":1}", "{\"b\":2}", "[DONE]"}},
      {"CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", {"a", "b"}},
      {"CR", "data: a\r\rdata: b\r\r", {"a", "b"}},
      {"mixed ends of lines", "data: a\r\n\ndata: b\r\r\ndata: c\n\rdata: d\n\r\n", {"a", "b", "c", "d"}},
      {"byte order mark",
       "\xef\xbb\xbf"
       "data: a\n\n",
       {"a"}},
      {"byte order mark later on",
       "data: a\n\n\xef\xbb\xbf"
       "data: b\n\n",
       {"a"}},
      {"half a byte order mark",
       "\xef\xbb"
       "data: a\n\ndata: b\n\n",
       {"b"}},
      {"no space behind the colon", "data:a\n\n", {"a"}},
      {"two spaces behind the colon", "data:  a\n\n", {" a"}},
      {"colons in the data", "data: a:b: c\n\n", {"a:b: c"}},
      {"comments", ": ping\n\n:\ndata: a\n: in between\ndata: b\n\n: end\n\n", {"a\nb"}},
      {"other fields", "event: x\nid: 7\nretry: 10\ndata: a\nfoo: bar\n\n", {"a"}},
      {"fields that look like data", "datax: a\nDATA: b\n data: c\ndat: d\ndata : e\n\ndata: f\n\n", {"f"}},
      {"several lines", "data: a\ndata: b\r\ndata:\rdata: d\n\n", {"a\nb\n\nd"}},
      {"empty data", "data\n\ndata:\n\ndata: \n\ndata: a\n\n", {"a"}},
      {"an empty first line", "data:\ndata: a\n\n", {"\na"}},
      {"an event without data", "event: ping\nid: 1\n\ndata: a\n\n", {"a"}},
      {"many blank lines", "\n\n\r\n\rdata: a\n\n\n\n\n", {"a"}},
      {"no blank line at the end", "data: a\n\ndata: b\n", {"a", "b"}},
      {"no end of line at the end", "data: a\n\ndata: b", {"a", "b"}},
      {"CR at the end", "data: a\r", {"a"}},
      {"several lines cut off", "data: a\ndata: b", {"a\nb"}},
      {"only a byte order mark", "\xef\xbb\xbf", {}},
      {"the largest event", "data: " + full + "\n\ndata:" + full + "\n\n", {full, full}},
      {"the largest event of two lines", "data: " + full.substr(2) + "\ndata: y\n\n", {full.substr(2) + "\ny"}},
      {"one byte too many", "data: a\n\ndata: " + full + "y\n\ndata: b\n\n", {"a"}, true},
      {"one byte too many without a space", "data: a\n\ndata:" + full + "y\n\ndata: b\n\n", {"a"}, true},
      {"one byte too many in two lines", "data: " + full.substr(1) + "\ndata: y\n\ndata: b\n\n", {}, true},
      {"many empty lines of data",
       [] {
         std::string stream;
         for (std::size_t i = 0; i <= limit + 1; ++i) stream += "data\n";
         return stream + "\n";
       }(),
       {},
       true},
      {"a line without end", "data: a\n\n: " + full + full + full, {"a"}, true},
      {"a long comment", ": " + full + full + "\n\ndata: a\n\n", {}, true},
  };
}

} // namespace

TEST_CASE("a stream is taken apart as the standard says") {
  for (const auto& [name, stream, expected, too_large] : fixtures()) {
    INFO(name);
    CHECK(read({stream}) == reading{expected, too_large});
  }
}

TEST_CASE("where a stream is split makes no difference") {
  for (const auto& [name, stream, expected, too_large] : fixtures()) {
    INFO(name);
    const reading wanted{expected, too_large};
    const std::string_view text = stream;
    for (std::size_t first = 0; first <= text.size(); ++first) {
      INFO("split at " << first);
      REQUIRE(read({text.substr(0, first), text.substr(first)}) == wanted);
      for (std::size_t second = first; second <= text.size(); second += 3) {
        REQUIRE(read({text.substr(0, first), text.substr(first, second - first), text.substr(second)}) == wanted);
      }
    }
    CHECK(read_bytewise(text) == wanted);
  }
}

TEST_CASE("events may be taken later than they are fed") {
  sse_reader reader(limit);
  events got;
  for (int i = 0; i < 1000; ++i) {
    reader.feed("data: " + std::to_string(i) + "\n\ndata: half ");
    if (i % 7 == 0) drain(reader, got);
    reader.feed("of it\n\n");
  }
  drain(reader, got);
  REQUIRE(got.size() == 2000);
  CHECK(got[1998] == "999");
  CHECK(got[1999] == "half of it");
}

TEST_CASE("an event is valid until the next call") {
  sse_reader reader(limit);
  reader.feed("data: first\n\ndata: sec");
  const auto first = reader.next();
  REQUIRE(first);
  CHECK(*first == "first");
  CHECK_FALSE(reader.next());
  reader.feed("ond\n\n");
  CHECK(reader.next() == "second");
}

TEST_CASE("nothing comes after a stream that broke the limit") {
  sse_reader reader(limit);
  reader.feed("data: " + std::string(limit + 1, 'x'));
  CHECK_FALSE(reader.next());
  CHECK(reader.too_large());
  reader.feed("\n\ndata: a\n\n");
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.finish());
}

TEST_CASE("reading is linear in the stream for the worst of pieces") {
  constexpr std::size_t size = 4'000'000;
  const auto start = std::clock();
  sse_reader one_line(size);
  for (std::size_t i = 0; i < size / 2; ++i) {
    one_line.feed(i == 0 ? "data: " : "xy");
    REQUIRE_FALSE(one_line.next());
  }
  CHECK(one_line.finish()->size() == size - 2);

  sse_reader many_lines(size);
  for (std::size_t i = 0; i < size / 8; ++i) {
    many_lines.feed("data: x\r");
    REQUIRE_FALSE(many_lines.next());
  }
  CHECK(many_lines.finish()->size() == size / 4 - 1);

  sse_reader at_once(limit);
  std::string stream;
  for (std::size_t i = 0; i < size / 4; ++i) stream += "data: x\r\r";
  at_once.feed(stream);
  std::size_t count = 0;
  for (; at_once.next(); ++count) at_once.feed("");
  CHECK(count == size / 4);
  // A fraction of a second; whatever reads or moves bytes again and again needs most of a minute.
  CHECK(std::clock() - start < 10 * CLOCKS_PER_SEC);
}
