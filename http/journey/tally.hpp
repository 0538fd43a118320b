#pragma once

#include "domain/audit_record.hpp"
#include "domain/usage.hpp"
#include "http/journey/held_quota.hpp"

#include <cstdint>

namespace gateway {

/// What a request has used so far, kept up to date in its record and its hold.
class tally {
 public:
  tally(audit_record& record, held_quota& hold, std::uint64_t prompt_tokens)
      : record_(record), hold_(hold), prompt_tokens_(prompt_tokens) {}

  void provider_says(const token_usage& usage) { note(usage, usage_source::provider); }

  /// Until the provider gives its own count, which it may never do.
  void estimate(std::uint64_t completion_tokens) {
    if (record_.source != usage_source::provider) note({prompt_tokens_, completion_tokens}, usage_source::estimated);
  }

 private:
  void note(const token_usage& usage, usage_source source) {
    record_.usage = usage;
    record_.source = source;
    hold_.spend({usage.total(), record_.cost});
  }

  audit_record& record_;
  held_quota& hold_;
  std::uint64_t prompt_tokens_;
};

} // namespace gateway
