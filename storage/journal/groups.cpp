#include "storage/journal/groups.hpp"

#include "storage/audit_batch.hpp"
#include "storage/audit_codec.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gateway {
namespace {

constexpr std::string_view file_mark = "GWAUDIT\n";
constexpr std::uint32_t file_version = 1;
constexpr std::string_view group_mark = "\xA7GRP";
constexpr std::size_t group_head = 12;

void put(std::uint32_t number, char* at) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<char>(number >> (8 * i));
}

std::uint32_t get(std::string_view from, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number |= std::uint32_t{static_cast<std::uint8_t>(from[at + i])} << (8 * i);
  return number;
}

std::uint32_t checksum(std::uint32_t salt, std::string_view entries) {
  char length[4];
  put(static_cast<std::uint32_t>(entries.size()), length);
  const auto* first = reinterpret_cast<const Bytef*>(length);
  const auto* rest = reinterpret_cast<const Bytef*>(entries.data());
  return static_cast<std::uint32_t>(crc32_z(crc32_z(salt, first, sizeof length), rest, entries.size()));
}

/// The length of the whole group at the front; 0 when there is none.
std::size_t group_at(std::uint32_t salt, std::string_view from) {
  if (from.size() < group_head || !from.starts_with(group_mark)) return 0;
  const std::size_t length = get(from, 4);
  if (length > from.size() - group_head) return 0;
  return checksum(salt, from.substr(group_head, length)) == get(from, 8) ? group_head + length : 0;
}

} // namespace

std::string make_journal_header(std::uint32_t salt) {
  std::string header(file_mark);
  header.resize(journal_header_size);
  put(file_version, header.data() + 8);
  put(salt, header.data() + 12);
  return header;
}

std::optional<std::uint32_t> read_journal_header(std::string_view bytes) {
  if (bytes.size() < journal_header_size || !bytes.starts_with(file_mark) || get(bytes, 8) != file_version)
    return std::nullopt;
  return get(bytes, 12);
}

bool is_unborn_journal(std::string_view bytes) {
  if (bytes.size() < journal_header_size && file_mark.starts_with(bytes.substr(0, file_mark.size()))) return true;
  // After a power loss a file may have its length already, but not yet its bytes.
  return std::all_of(bytes.begin(), bytes.end(), [](char each) { return each == 0; });
}

void append_group(std::uint32_t salt, journal_pieces pieces, std::string& to) {
  const auto start = to.size();
  to.append(group_mark).resize(start + group_head);
  for (const auto piece : pieces) to.append(piece);
  const auto body = std::string_view(to).substr(start + group_head);
  const auto crc = checksum(salt, body);
  put(static_cast<std::uint32_t>(body.size()), to.data() + start + 4);
  put(crc, to.data() + start + 8);
}

group_extent measure_groups(std::uint32_t salt, std::string_view groups) {
  group_extent found;
  while (const auto length = group_at(salt, groups.substr(found.good))) found.good += length;
  found.is_ended = groups.substr(found.good).starts_with(journal_end);
  if (found.is_ended) return found;
  for (auto at = groups.find(group_mark, found.good); at != groups.npos && !found.good_after;
       at = groups.find(group_mark, at + 1))
    found.good_after = group_at(salt, groups.substr(at)) > 0;
  return found;
}

bool read_entries(std::string_view bytes, journal_contents& found) {
  while (!bytes.empty()) {
    if (const auto mark = decode_mark(bytes)) {
      found.marks[mark->source] = mark->number;
      continue;
    }
    auto entry = decode_entry(bytes);
    if (!entry) return false;
    found.entries.push_back(std::move(*entry));
  }
  return true;
}

std::optional<journal_contents> read_groups(std::uint32_t salt, std::string_view groups) {
  journal_contents found;
  while (const auto length = group_at(salt, groups)) {
    if (!read_entries(groups.substr(group_head, length - group_head), found)) return std::nullopt;
    groups.remove_prefix(length);
  }
  return found;
}

result<void> audit_journal::append(const std::vector<audit_entry>& entries, bool sync) {
  const auto batch = batch_of(entries);
  const std::array pieces{batch->bytes()};
  return append(pieces, sync);
}

result<void> audit_journal::compact(const std::vector<audit_entry>& open, bool sync) {
  const auto batch = batch_of(open);
  const std::array pieces{batch->bytes()};
  return compact(open.empty() ? journal_pieces() : journal_pieces(pieces), sync);
}

} // namespace gateway
