#pragma once

#include "domain/audit_record.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Appends a record to `to` as bytes: the form that the journal keeps and the hash chain is computed over. Every field,
/// in a fixed order: texts as a 32-bit length and their bytes, numbers little-endian. The form begins with its version,
/// so that old bytes stay readable.
void encode(const audit_record& record, std::string& to);
void encode(const audit_entry& entry, std::string& to);

/// Takes an entry off the front of `from`; nothing, and `from` as it was, when those bytes are not one.
std::optional<audit_entry> decode_entry(std::string_view& from);

} // namespace gateway
