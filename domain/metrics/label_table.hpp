#pragma once

#include "domain/text_hash.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway {

/// Something of each label. References to a value hold as long as the table.
template <class Value>
using label_table = std::unordered_map<std::string, Value, text_hash, std::equal_to<>>;

/// What a label has; allocates only when it is new.
template <class Value>
Value& value_of(label_table<Value>& table, std::string_view label) {
  const auto found = table.find(label);
  return found != table.end() ? found->second : table[std::string(label)];
}

/// The entries of a table in the order of their keys.
template <class Table>
std::vector<const typename Table::value_type*> in_order(const Table& table) {
  std::vector<const typename Table::value_type*> list;
  list.reserve(table.size());
  for (const auto& entry : table) list.push_back(&entry);
  std::sort(list.begin(), list.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  return list;
}

} // namespace gateway
