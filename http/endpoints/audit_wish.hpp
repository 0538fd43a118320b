#pragma once

#include "domain/audit_record.hpp"
#include "domain/error.hpp"
#include "http/wire/request.hpp"

#include <cstdint>

namespace gateway {

enum class audit_format : std::uint8_t {
  json,  ///< One page, as an array.
  jsonl, ///< Everything, a line of JSON each.
  csv,   ///< Everything, a line of CSV each.
};

/// What an operator asks of the audit log.
struct audit_wish {
  audit_format format = audit_format::json;
  audit_query query;                ///< Its first page.
  std::uint64_t limit = UINT64_MAX; ///< Of records in all; of `json` that of its page.
};

/// Reads the query of `GET /admin/audit`.
result<audit_wish> read_audit_wish(const request& asked);

/// The next page of at most that many records; a page never has more than `largest_audit_page`.
inline constexpr std::uint32_t largest_audit_page = 1000;

} // namespace gateway
