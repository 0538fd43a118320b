#pragma once

#include "domain/chat/request_scan.hpp"
#include "domain/chat/token_estimate.hpp"

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// The refusal of a body that simdjson could not read.
tl::unexpected<failure> refuse_body(simdjson::error_code error);

/// Reads the fields of one request body into a scan: one function a field, which gets its value and its name.
class request_fields {
 public:
  using value = simdjson::ondemand::value;

  /// The body must stay where it is.
  request_fields(const std::string& body, std::size_t fields_offset);

  result<void> model(value json, std::string_view name);
  result<void> stream(value json, std::string_view name);
  result<void> stream_options(value json, std::string_view name);
  result<void> max_tokens(value json, std::string_view name); ///< Also `max_completion_tokens`.
  result<void> n(value json, std::string_view name);          ///< Also `best_of`.
  result<void> messages(value json, std::string_view name);
  result<void> prompt(value json, std::string_view name); ///< Also `input`.
  result<void> definitions(value json, std::string_view name);

  /// Whether messages, a prompt or an input were there.
  bool has_prompt() const { return has_prompt_; }

  /// What was read, after the last field.
  request_scan finish();

 private:
  result<void> include_usage(value json);
  std::size_t offset_of(std::string_view token) const;

  const std::string& body_;
  request_scan scan_;
  token_meter prompt_;
  bool has_prompt_ = false;
  std::optional<splice> usage_request_; ///< What it would take, if this is a stream.
};

} // namespace gateway
