#include "domain/chat/feature_hash.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <string>

using namespace gateway;

namespace {

double product(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

} // namespace

TEST_CASE("a text's vector has length 1, in any number of dimensions") {
  for (const std::size_t dimensions : {1, 2, 3, 64, 4096}) {
    for (const std::string text : {"", " \n", "one", "one two two", "a b c d e f g h i j k l m n o p q r s t u v w"}) {
      const auto features = hashed_features(text, dimensions);
      CHECK(features.size() == dimensions);
      CHECK(product(features, features) == Approx(1));
    }
  }
}

// FNV-1a in 64 bits of "a" is af63dc4c8601ec8c: 0xc in 64 dimensions, with 30 ones.
TEST_CASE("a word stands where its hash says, with the hash's sign") {
  const auto features = hashed_features(" a\n", 64);
  CHECK(features[0x0c] == 1.0F);
  CHECK(std::ranges::count(features, 0.0F) == 63);
}

TEST_CASE("a text without words, or whose words cancel out, has the first unit vector") {
  const std::vector<float> first{1, 0, 0, 0};
  CHECK(hashed_features("", 4) == first);
  CHECK(hashed_features(" \t\r\n", 4) == first);
  std::vector<std::string> words{"a", "b", "c", "d", "e", "f", "g", "h"};
  const auto sign = [](const std::string& word) { return hashed_features(word, 1).front(); };
  const auto other = std::ranges::find_if(words, [&](const auto& word) { return sign(word) != sign("a"); });
  REQUIRE(other != words.end());
  CHECK(hashed_features("a " + *other, 1) == std::vector<float>{1});
}

TEST_CASE("texts that share words are nearer than texts that do not") {
  const auto cat = hashed_features("the cat sat on the mat", 1024);
  CHECK(product(cat, hashed_features("on the mat sat  the cat", 1024)) == Approx(1));
  const auto near = product(cat, hashed_features("the cat sat on the sofa", 1024));
  const auto far = product(cat, hashed_features("quarterly revenue grew by a tenth", 1024));
  CHECK(near > 0.7);
  CHECK(far < 0.3);
}
