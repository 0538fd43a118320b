#include "domain/keys/key_rotation.hpp"

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

// Far beyond any use, and far from where `now + grace` overflows.
constexpr std::chrono::seconds longest_grace = std::chrono::years{100};

} // namespace

void rotate(key_record& record, key_secret fresh, std::chrono::seconds grace, timestamp now) {
  auto end = now + std::clamp(grace, std::chrono::seconds{0}, longest_grace);
  for (auto& old : record.secrets) old.valid_until = std::min(old.valid_until.value_or(end), end);
  std::erase_if(record.secrets, [now](const key_secret& old) { return *old.valid_until <= now; });
  record.secrets.insert(record.secrets.begin(), std::move(fresh));
  record.updated_at = now;
}

} // namespace gateway
