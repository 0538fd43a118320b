#pragma once

#include "domain/error.hpp"
#include "domain/time.hpp"
#include "http/wire/request.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

/// Takes the parameters of a query out one by one, collecting everything that is wrong with them.
class query_fields {
 public:
  explicit query_fields(const request& asked) : query_(asked.query()) {}

  /// Empty counts as missing.
  std::optional<std::string> text(std::string_view name);
  std::optional<std::uint64_t> number(std::string_view name, std::uint64_t least, std::uint64_t most);
  std::optional<timestamp> moment(std::string_view name);
  void complain(std::string_view name, std::string what);

  /// `request_invalid` with every complaint in `details`, or nothing.
  std::optional<failure> finish() const;

 private:
  std::string_view query_;
  std::vector<std::pair<std::string, std::string>> complaints_;
};

/// The value of a `Link` header to the next page (RFC 8288): the request's own target with another cursor.
std::string next_link(const request& asked, std::string_view cursor);

} // namespace gateway
