#pragma once

#include "domain/audit_record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Whose batch of entries it is, and its number there, from 1: what comes again is known by them.
struct batch_mark {
  std::uint64_t source = 0; ///< 0: nobody's; such a batch is always taken.
  std::uint64_t number = 0;
  friend bool operator==(const batch_mark&, const batch_mark&) = default;
};

/// Appends a record to `to` as bytes: the form that journal and log keep and the hash chain is computed over. Every
/// field, in a fixed order (storage/byte_fields.hpp): version, id, a byte of flags, numbers as varints, short texts.
/// Bytes of the first version (storage/audit_codec_v1.hpp) stay readable.
void encode(const audit_record& record, std::string& to);
void encode(const audit_entry& entry, std::string& to);
void encode(audit_entry::phase what, const audit_record& record, const quota_amount& held, std::string& to);
void encode(const batch_mark& mark, std::string& to);

/// Reads a record that is all of `from`; false when it is none. The room that the texts of `into` have is used again.
bool decode_record(std::string_view from, audit_record& into);

/// Takes an entry, or a mark, off the front of `from`; nothing, and `from` as it was, when those bytes are not one.
std::optional<audit_entry> decode_entry(std::string_view& from);
std::optional<batch_mark> decode_mark(std::string_view& from);

/// What an entry's bytes say of it; refers to them. Only for what `encode` wrote.
struct entry_view {
  audit_entry::phase what = audit_entry::phase::settled;
  std::string_view record; ///< The record's bytes.
  std::string_view id;
};
entry_view view_entry(std::string_view entry);

} // namespace gateway
