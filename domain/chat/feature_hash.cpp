#include "domain/chat/feature_hash.hpp"

#include "domain/chat/words.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

namespace gateway {

namespace {

std::uint64_t fnv_1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

} // namespace

std::vector<float> hashed_features(std::string_view text, std::size_t dimensions) {
  std::vector<float> features(dimensions);
  for (auto from = text.find_first_not_of(blanks); from < text.size(); from = text.find_first_not_of(blanks, from)) {
    const auto end = end_of_word(text, from);
    const auto hash = fnv_1a(text.substr(from, end - from));
    features[hash % dimensions] += std::popcount(hash) % 2 == 0 ? 1.0F : -1.0F;
    from = end;
  }
  double squares = 0;
  for (const double each : features) squares += each * each;
  if (squares == 0) {
    features.front() = 1;
    return features;
  }
  const auto norm = std::sqrt(squares);
  for (auto& each : features) each = static_cast<float>(each / norm);
  return features;
}

} // namespace gateway
