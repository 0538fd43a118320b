#pragma once

#include "domain/audit_record.hpp"
#include "storage/audit_chain.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// Of a text, for passing over records that cannot be meant: CRC-32 (as in zlib). Different texts may have the same.
std::uint32_t audit_tag(std::string_view text);

/// What a block's directory says of one record.
struct block_entry {
  std::uint32_t end = 0;     ///< Where its bytes end among those of the block.
  std::uint32_t tenant = 0;  ///< Tag of its tenant_id,
  std::uint32_t request = 0; ///< and of its request_id.
  std::uint32_t link = 0;    ///< The first four bytes of its link, little-endian.
};

/// The entries of a block one after the other, as bytes: four numbers of 32 bits each, little-endian. Refers to them.
class block_directory {
 public:
  static constexpr std::size_t entry_size = 16;

  explicit block_directory(std::string_view bytes) : bytes_(bytes) {}
  /// Of records.
  std::size_t size() const { return bytes_.size() / entry_size; }
  block_entry at(std::size_t place) const;
  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
};

std::uint32_t tag_of(const chain_link& link);

/// Records that follow each other in the log, in the form of storage/audit_codec.hpp: what the log is written in.
struct audit_block {
  /// A block is full with so many records or bytes: whoever looks for one record reads no more than this, and a record.
  static constexpr std::size_t most_records = 1024;
  static constexpr std::size_t most_bytes = 256 * 1024;

  std::int64_t first = 0; ///< The number of its first record; those of the others follow.
  std::size_t count = 0;
  timestamp oldest{}; ///< Of the moments of its records,
  timestamp newest{};
  chain_link link{}; ///< Of its last record.
  std::string directory;
  std::string records;

  bool is_full() const { return count >= most_records || records.size() >= most_bytes; }
  /// Adds `bytes`, which are those of `record`, at `at`: the number after the last one's, or any in an empty block.
  void add(const log_end& at, const audit_record& record, std::string_view bytes);
  void clear();
  friend bool operator==(const audit_block&, const audit_block&) = default;
};

} // namespace gateway
