#include "storage/audit_store.hpp"

#include "storage/audit_codec.hpp"

namespace gateway {

bool matches(const audit_record& record, const audit_query& query) {
  return (query.tenant_id.empty() || record.tenant_id == query.tenant_id) &&
         (!query.from || record.created_at >= *query.from) && (!query.to || record.created_at < *query.to) &&
         (!query.key_id || record.key_id == *query.key_id) && (!query.status || record.status == *query.status) &&
         (!query.model || record.model == *query.model) &&
         (!query.request_id || record.request_id == *query.request_id);
}

result<void> audit_store::append(const std::vector<audit_record>& records) {
  std::vector<std::string> bytes(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) encode(records[i], bytes[i]);
  const std::vector<std::string_view> views(bytes.begin(), bytes.end());
  return append(encoded_records(views));
}

} // namespace gateway
