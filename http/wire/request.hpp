#pragma once

#include "runtime/byte_account.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// A request as it came in, whole.
class request {
 public:
  /// The header's fields, as the parser keeps them.
  struct fields;

  request();
  explicit request(std::unique_ptr<fields> head);
  request(request&&) noexcept;
  request& operator=(request&&) noexcept;
  ~request();

  /// As sent, such as `POST`.
  std::string_view method() const;
  /// Path and query as sent.
  std::string_view target() const;
  std::string_view path() const;
  /// Without the question mark; empty when there is none.
  std::string_view query() const;
  /// The first field of that name, in any case of letters; empty when there is none.
  std::string_view header(std::string_view name) const;
  /// The body's type without parameters, in lower case as far as it is compared: `application/json`.
  bool is_json() const;

  /// Puts this in the body's place; the header no longer says how the old one was coded.
  void replace_body(std::string decoded);

  /// For those who include http/wire/fields.hpp.
  const fields& head() const { return *fields_; }

  std::string body;
  byte_claim room; ///< What the body takes, for as long as the request lasts.
  bool keep_alive = false;
  bool is_http_1_0 = false;

 private:
  std::unique_ptr<fields> fields_;
};

/// A parameter of a query, percent-decoded; nothing when it is not there. A `+` is a space.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

/// `%2F` and such turned into what they stand for (RFC 3986, section 2.1). A malformed one stays as it is.
std::string percent_decoded(std::string_view text, bool plus_is_space = false);

} // namespace gateway
