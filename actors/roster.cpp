#include "actors/interfaces.hpp"

#include <cstdint>

namespace gateway {
namespace {

// FNV-1a of 64 bits (Fowler, Noll, Vo): unlike std::hash, the same in every build and process.
std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

} // namespace

const quota_actor& roster::quota_of(std::string_view tenant_id) const {
  return quota[stable_hash(tenant_id) % quota.size()];
}

} // namespace gateway
