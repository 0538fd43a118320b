#include "storage/audit_store.hpp"

#include "storage/audit_codec.hpp"

namespace gateway {

result<void> audit_store::append(const std::vector<audit_record>& records) {
  std::vector<std::string> bytes(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) encode(records[i], bytes[i]);
  const std::vector<std::string_view> views(bytes.begin(), bytes.end());
  return append(encoded_records(views));
}

} // namespace gateway
