#include "domain/chat/token_correction.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

struct lessons {
  token_correction correction;
  route gpt;
  route other;

  void learn(const route& way, std::uint64_t estimated, std::uint64_t real, int times) {
    for (int i = 0; i < times; ++i) correction.learn(way, estimated, real);
  }
};

} // namespace

TEST_CASE_METHOD(lessons, "without a lesson an estimate stays as it is") {
  CHECK(correction.correct(gpt, 1000) == 1000);
}

TEST_CASE_METHOD(lessons, "estimates of a route come near to what its provider counts, and those of others stay") {
  learn(gpt, 1000, 1300, 100);
  CHECK(correction.correct(gpt, 1000) >= 1290);
  CHECK(correction.correct(gpt, 1000) <= 1301);
  CHECK(correction.correct(other, 1000) == 1000);
  learn(gpt, 1000, 800, 200);
  CHECK(correction.correct(gpt, 1000) <= 801);
}

TEST_CASE_METHOD(lessons, "one prompt that is far off changes little") {
  learn(gpt, 1000, 100'000, 1);
  CHECK(correction.correct(gpt, 1000) < 1100);
}

TEST_CASE_METHOD(lessons, "a correction stays between half and twice") {
  learn(gpt, 1000, 0, 500);
  CHECK(correction.correct(gpt, 1000) >= 500);
  CHECK(correction.correct(gpt, 1000) <= 501);
  learn(other, 1000, 100'000, 500);
  CHECK(correction.correct(other, 1000) <= 2000);
  CHECK(correction.correct(other, 1000) >= 1999);
}

TEST_CASE_METHOD(lessons, "short prompts teach nothing") {
  learn(gpt, 7, 14, 100);
  CHECK(correction.correct(gpt, 1000) == 1000);
}
