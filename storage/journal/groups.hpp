#pragma once

#include "storage/audit_journal.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// The form of a journal: a header, then groups. A group is a mark, the length of its entries in bytes, their CRC-32
/// and the entries and marks (storage/audit_codec.hpp). Numbers have 32 bits, little-endian. The salt, drawn for each
/// file, starts the CRC: no text that a caller sends can look like a group.
inline constexpr std::size_t journal_header_size = 16;

/// What follows the last group in a file that was used before: bytes of then come after it.
inline constexpr std::string_view journal_end =
    "\xA7"
    "END";

std::string make_journal_header(std::uint32_t salt);

/// The salt of a journal that begins with these bytes, or nothing: they are not a header of this version.
std::optional<std::uint32_t> read_journal_header(std::string_view bytes);

/// Whether a file with these bytes was being made when the machine or the process ended: nothing is lost with it.
bool is_unborn_journal(std::string_view bytes);

void append_group(std::uint32_t salt, journal_pieces pieces, std::string& to);

/// How far the groups of a journal go.
struct group_extent {
  std::size_t good = 0;    ///< Bytes of whole groups at the front.
  bool is_ended = false;   ///< They end with `journal_end`.
  bool good_after = false; ///< Behind what is neither a group nor an end, there are others.
};
group_extent measure_groups(std::uint32_t salt, std::string_view groups);

/// What whole groups hold; nothing when something in them is not of this version.
std::optional<journal_contents> read_groups(std::uint32_t salt, std::string_view groups);

/// Adds what such bytes hold to `found`; false when they are not of this version.
bool read_entries(std::string_view bytes, journal_contents& found);

} // namespace gateway
