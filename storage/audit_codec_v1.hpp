#pragma once

#include "domain/audit_record.hpp"
#include "storage/byte_fields.hpp"

#include <cstdint>
#include <string>

namespace gateway {

/// What the form of a record began with when its numbers and the lengths of its texts had fixed sizes. Logs and
/// journals of that time are read, and the chains of rows (storage/sqlite/audit_upgrade.hpp) were computed over that
/// form.
inline constexpr std::uint8_t first_record_version = 1;

/// Takes the fields after the version.
void read_first_version(field_reader& fields, audit_record& record);

/// Appends the whole form.
void encode_first_version(const audit_record& record, std::string& to);

} // namespace gateway
