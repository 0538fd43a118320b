#include "domain/metrics/request_table.hpp"

#include <functional>

namespace gateway {

std::size_t request_labels_hash::operator()(const request_labels_view& labels) const {
  constexpr std::size_t prime = 0x100000001b3;
  const std::hash<std::string_view> of;
  auto hash = of(labels.endpoint);
  hash = hash * prime ^ of(labels.model);
  hash = hash * prime ^ static_cast<std::size_t>(labels.status);
  return hash * prime ^ of(labels.code);
}

std::uint64_t& value_of(request_table& table, const request_labels_view& labels) {
  const auto found = table.find(labels);
  return found != table.end() ? found->second : table[request_labels(labels)];
}

} // namespace gateway
