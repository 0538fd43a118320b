#include "domain/chat/token_estimate.hpp"

#include "tests/domain/chat/token_samples.hpp"

#include <catch2/catch.hpp>

#include <iomanip>
#include <iostream>
#include <string>

using namespace gateway;

namespace {

std::uint64_t estimate_json_tokens(std::string_view escaped) {
  token_meter meter;
  meter.add_json_text(escaped);
  return meter.tokens();
}

double ratio_of(std::uint64_t estimate, std::uint64_t real) {
  return static_cast<double>(estimate) / static_cast<double>(real);
}

} // namespace

TEST_CASE("an estimate is within -20 % and +25 % of the real count") {
  for (const auto& sample : testing::token_samples) {
    const auto ratio = ratio_of(estimate_tokens(sample.text), sample.tokens);
    INFO(sample.kind << ": " << ratio);
    CHECK(ratio >= 0.80);
    CHECK(ratio <= 1.25);
  }
}

TEST_CASE("the error of the estimates by kind of text", "[.estimate]") {
  for (const auto& sample : testing::token_samples) {
    const auto estimate = estimate_tokens(sample.text);
    const auto percent = (ratio_of(estimate, sample.tokens) - 1) * 100;
    std::cout << std::left << std::setw(24) << sample.kind << std::right << std::setw(8) << sample.tokens
              << std::setw(8) << estimate << std::setw(8) << std::fixed << std::setprecision(1) << percent << " %\n";
  }
}

TEST_CASE("no text is no token and any text is at least one") {
  CHECK(estimate_tokens("") == 0);
  CHECK(estimate_tokens("a") == 1);
  CHECK(estimate_tokens("hi") == 1);
  CHECK(estimate_tokens("12") >= 1);
}

TEST_CASE("a text of single letters is not taken for long words") {
  CHECK(estimate_tokens("a b c d e f g h i j") >= 4);
}

TEST_CASE("an odd and an even number of bytes are both read to the end") {
  CHECK(estimate_tokens("1 2 3") > estimate_tokens("1 2 "));
  CHECK(estimate_tokens("1 2 34 5") > estimate_tokens("1 2 34 "));
}

TEST_CASE("a long text is estimated from samples as if it were read whole") {
  for (const auto& sample : testing::token_samples) {
    std::string text;
    std::uint64_t copies = 0;
    for (; text.size() < 100'000; ++copies) text.append(sample.text).append("\n\n");
    const auto ratio = ratio_of(estimate_tokens(text), copies * sample.tokens);
    INFO(sample.kind << ": " << ratio);
    CHECK(ratio >= 0.80);
    CHECK(ratio <= 1.30);
  }
}

TEST_CASE("many short texts are estimated from samples as if they were read whole") {
  for (const auto& sample : testing::token_samples) {
    token_meter meter;
    std::uint64_t whole = 0;
    for (std::size_t i = 0; i < 100; ++i) {
      const auto text = sample.text.substr(i);
      meter.add_text(text);
      whole += estimate_tokens(text);
    }
    const auto ratio = ratio_of(meter.tokens(), whole);
    INFO(sample.kind << ": " << ratio);
    CHECK(ratio >= 0.80);
    CHECK(ratio <= 1.25);
  }
}

TEST_CASE("a long text with characters by number is estimated as what it means") {
  std::string escaped;
  std::string plain;
  for (int i = 0; i < 5'000; ++i) {
    escaped += R"(\u4f60\u597d)";
    plain += "你好";
  }
  const auto ratio = ratio_of(estimate_json_tokens(escaped), estimate_tokens(plain));
  CHECK(ratio >= 0.9);
  CHECK(ratio <= 1.2);
}

TEST_CASE("known numbers of tokens are added to the estimates") {
  token_meter meter;
  meter.add(5);
  meter.add_text("hi");
  CHECK(meter.tokens() == 6);
}

TEST_CASE("characters that JSON writes by number count as what they mean") {
  CHECK(estimate_json_tokens(R"(\u4f60\u597d\uff0c\u4e16\u754c)") == estimate_tokens("你好，世界"));
  CHECK(estimate_json_tokens(R"(\u041f\u0440\u0438\u0432\u0435\u0442)") == estimate_tokens("Привет"));
  CHECK(estimate_json_tokens(R"(\ud83d\ude00)") == estimate_tokens("😀"));
}

TEST_CASE("a backslash in front of a word that begins with u is not a character by number") {
  const std::string path = R"(C:\\users\\ulla\\notes)";
  CHECK(estimate_json_tokens(path) == estimate_tokens(path));
}

TEST_CASE("the ends of lines in a JSON text count about as much as those of a plain one") {
  std::string plain;
  std::string escaped;
  for (int i = 0; i < 50; ++i) {
    plain += "the quick brown fox\n";
    escaped += "the quick brown fox\\n";
  }
  const auto ratio = ratio_of(estimate_json_tokens(escaped), estimate_tokens(plain));
  CHECK(ratio > 0.9);
  CHECK(ratio < 1.2);
}
