#pragma once

#include "domain/audit_record.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace gateway {

/// A record as `GET /admin/audit` shows it.
nlohmann::ordered_json to_json(const audit_row& row);

/// The same as a line of JSON.
void append_json_line(std::string& to, const audit_row& row);

/// The names of the same fields, and their values, as lines of CSV (RFC 4180). No value is altered: a cell that a
/// spreadsheet would take for a formula is written as it is.
void append_csv_header(std::string& to);
void append_csv_line(std::string& to, const audit_row& row);

} // namespace gateway
