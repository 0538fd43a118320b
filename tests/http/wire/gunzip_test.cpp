#include "http/wire/gunzip.hpp"

#include "tests/http/wire/gzipped.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace gateway {
namespace {

using test::deflater;
using test::gzipped;
using test::wrapping;

/// Feeds one piece and reads all there is; throws the complaint about it.
std::string decoded(gunzip& decoder, std::string_view piece, std::size_t room = 7) {
  std::string text;
  std::vector<char> into(room);
  decoder.feed(piece);
  while (true) {
    const auto read = decoder.read(into);
    if (!read) throw std::runtime_error(read.error());
    if (*read == 0) return text;
    text.append(into.data(), *read);
  }
}

const std::string sample = "a small text, a small text, and some more of it \xc3\xa9";

TEST_CASE("a text is decoded wherever it is split") {
  for (const auto how : {wrapping::gzip, wrapping::zlib}) {
    const auto whole = gzipped(sample, how);
    for (std::size_t at = 0; at <= whole.size(); ++at) {
      INFO(at);
      gunzip decoder;
      auto text = decoded(decoder, std::string_view(whole).substr(0, at));
      CHECK(decoder.whole() == (at == whole.size()));
      text += decoded(decoder, std::string_view(whole).substr(at));
      CHECK(text == sample);
      CHECK(decoder.whole());
    }
  }
}

TEST_CASE("a text is decoded byte by byte, into any room") {
  const auto whole = gzipped(sample);
  for (const std::size_t room : {1, 2, 64, 100000}) {
    gunzip decoder;
    std::string text;
    for (const char& byte : whole) text += decoded(decoder, {&byte, 1}, room);
    CHECK(text == sample);
    CHECK(decoder.whole());
  }
}

TEST_CASE("each event of a flushed stream comes out with its own bytes") {
  deflater events;
  gunzip decoder;
  for (const std::string event : {"data: {\"a\":1}\n\n", "data: {\"a\":2}\n\n", "data: [DONE]\n\n"}) {
    const auto piece = events.flushed(event);
    CHECK(decoded(decoder, piece, 4096) == event);
    CHECK_FALSE(decoder.whole());
  }
  CHECK(decoded(decoder, events.finished("")).empty());
  CHECK(decoder.whole());
}

TEST_CASE("a text that is cut off is not whole, but for what it had") {
  const auto whole = gzipped(sample);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    gunzip decoder;
    const auto text = decoded(decoder, std::string_view(whole).substr(0, size));
    CHECK(sample.starts_with(text));
    CHECK_FALSE(decoder.whole());
  }
}

TEST_CASE("a text in which a byte is wrong is refused, and nothing follows") {
  const auto whole = gzipped(sample);
  const std::string again = gzipped("again");
  // A header's time, flags and system may be anything.
  std::vector<std::size_t> places{0, 1, 2};
  for (std::size_t at = whole.size() - 8; at < whole.size(); ++at) places.push_back(at);
  for (const auto at : places) {
    INFO(at);
    auto wrong = whole;
    wrong[at] = static_cast<char>(wrong[at] ^ 0x55);
    gunzip decoder;
    CHECK_THROWS(decoded(decoder, wrong));
    CHECK_FALSE(decoder.whole());
    CHECK_THROWS(decoded(decoder, again));
  }
}

TEST_CASE("what comes before a fault comes out first") {
  deflater events;
  const auto input = events.flushed("fine") + std::string(64, '\xff');
  gunzip decoder;
  decoder.feed(input);
  std::array<char, 64> into;
  const auto read = decoder.read(into);
  REQUIRE(read);
  CHECK(std::string(into.data(), *read) == "fine");
  CHECK_FALSE(decoder.read(into));
  CHECK_FALSE(decoder.read(into));
}

TEST_CASE("garbage behind a text is refused") {
  for (const auto* garbage : {"garbage", "\x1f\x8c", "{}"}) {
    gunzip decoder;
    CHECK_THROWS(decoded(decoder, gzipped(sample) + garbage));
  }
  gunzip decoder;
  CHECK_THROWS(decoded(decoder, gzipped(sample) + std::string(8, '\0')));
}

TEST_CASE("several members in a row are one text, wherever they are split") {
  const auto whole = gzipped("one, ") + gzipped("") + gzipped("two");
  for (std::size_t at = 0; at <= whole.size(); ++at) {
    gunzip decoder;
    auto text = decoded(decoder, std::string_view(whole).substr(0, at), 4096);
    text += decoded(decoder, std::string_view(whole).substr(at), 4096);
    CHECK(text == "one, two");
    CHECK(decoder.whole());
  }
}

TEST_CASE("a small input that decodes to very much comes in pieces of the reader's size") {
  const std::size_t much = 20'000'000;
  const auto bomb = gzipped(std::string(much, 'x'));
  REQUIRE(bomb.size() < much / 500);
  gunzip decoder;
  decoder.feed(bomb);
  std::array<char, 1000> into;
  std::size_t total = 0;
  std::size_t reads = 0;
  while (true) {
    const auto read = decoder.read(into);
    REQUIRE(read);
    if (*read == 0) break;
    total += *read;
    ++reads;
  }
  CHECK(total == much);
  CHECK(reads == much / into.size());
  CHECK(decoder.whole());
}

} // namespace
} // namespace gateway
