#include "storage/audit_block.hpp"

#include "storage/byte_fields.hpp"

#include <zlib.h>

#include <algorithm>

namespace gateway {

std::uint32_t audit_tag(std::string_view text) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
}

block_entry block_directory::at(std::size_t place) const {
  field_reader fields(bytes_.substr(place * entry_size));
  block_entry entry;
  for (auto* number : {&entry.end, &entry.tenant, &entry.request, &entry.link}) fields.number(*number);
  return entry;
}

std::uint32_t tag_of(const chain_link& link) {
  return link[0] | std::uint32_t{link[1]} << 8U | std::uint32_t{link[2]} << 16U | std::uint32_t{link[3]} << 24U;
}

void audit_block::add(const log_end& at, const audit_record& record, std::string_view bytes) {
  if (count == 0) {
    first = at.sequence;
    oldest = newest = record.created_at;
  }
  ++count;
  oldest = std::min(oldest, record.created_at);
  newest = std::max(newest, record.created_at);
  link = at.link;
  records += bytes;
  directory.resize(directory.size() + block_directory::entry_size);
  field_writer entry(directory.data() + directory.size() - block_directory::entry_size);
  entry.number(static_cast<std::uint32_t>(records.size()));
  entry.number(audit_tag(record.tenant_id));
  entry.number(audit_tag(record.request_id));
  entry.number(tag_of(at.link));
}

void audit_block::clear() {
  count = 0;
  directory.clear();
  records.clear();
}

} // namespace gateway
