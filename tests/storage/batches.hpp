#pragma once

#include "storage/audit_batch.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace gateway {

/// The entries of a batch, read back from their bytes.
inline std::vector<audit_entry> entries_of(const audit_batch& batch) {
  std::vector<audit_entry> entries;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    auto from = batch.entry(i);
    auto entry = decode_entry(from);
    if (!entry || !from.empty()) throw std::runtime_error("what the batch holds is no entry");
    entries.push_back(std::move(*entry));
  }
  return entries;
}

} // namespace gateway
