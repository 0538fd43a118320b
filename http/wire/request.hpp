#pragma once

#include "http/wire/header_lines.hpp"
#include "runtime/byte_account.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {

/// A request's first line and its header.
struct request_head {
  std::string method;
  std::string target;
  header_lines fields;
};

/// A request as it came in, whole.
class request {
 public:
  explicit request(std::unique_ptr<request_head> head) : head_(std::move(head)) {}

  /// As sent, such as `POST`.
  std::string_view method() const { return head_->method; }
  /// Path and query as sent.
  std::string_view target() const { return head_->target; }
  std::string_view path() const;
  /// Without the question mark; empty when there is none.
  std::string_view query() const;
  /// The first field of that name, which is given in small letters and found in any; empty when there is none.
  std::string_view header(std::string_view name) const { return head_->fields.value_of(name); }
  const header_lines& fields() const { return head_->fields; }
  /// The body's type without parameters, in lower case as far as it is compared: `application/json`.
  bool is_json() const;

  /// Puts this in the body's place; the header no longer says how the old one was coded.
  void replace_body(std::string decoded);

  std::string body;
  byte_claim room; ///< What the body takes, for as long as the request lasts.
  bool keep_alive = false;
  bool is_http_1_0 = false;

 private:
  std::unique_ptr<request_head> head_; ///< A request changes hands a few times: this makes it a small thing.
};

/// A parameter of a query, percent-decoded; nothing when it is not there. A `+` is a space.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

/// `%2F` and such turned into what they stand for (RFC 3986, section 2.1). A malformed one stays as it is.
std::string percent_decoded(std::string_view text, bool plus_is_space = false);

} // namespace gateway
