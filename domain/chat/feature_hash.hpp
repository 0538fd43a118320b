#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace gateway {

/// The words of a text as a vector of length 1, by the hashing trick (Weinberger, Dasgupta, Langford, Smola, Attenberg:
/// Feature Hashing for Large Scale Multitask Learning, ICML 2009): each word w adds s(w) to the element h(w) mod
/// `dimensions`, where h is FNV-1a in 64 bits and s is -1 if h(w) has an odd number of ones, else 1; the sum is divided
/// by its Euclidean norm. Where nothing is left of it (no words, or all of them cancelled out), it is (1, 0, 0, ...).
///
/// The same text always gives the same vector; texts that share words give vectors that are near. It is nothing that
/// was learned. `dimensions` is at least 1.
std::vector<float> hashed_features(std::string_view text, std::size_t dimensions);

} // namespace gateway
