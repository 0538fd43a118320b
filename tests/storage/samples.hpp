#pragma once

#include "domain/audit_record.hpp"
#include "domain/principal.hpp"
#include "domain/quota/lease.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gateway {

/// 2026-11-23T15:04:05.678Z, and `later` after it.
inline timestamp sample_moment(std::chrono::milliseconds later = {}) {
  return timestamp{std::chrono::milliseconds{1'795'446'245'678}} + later;
}

/// When the leases of an owner that was heard then run out.
inline timestamp sample_expiry() { return sample_moment() + lease_lifetime; }

inline key_digest sample_digest(std::uint8_t seed) {
  key_digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(seed * 7 + i);
  return digest;
}

/// A key with one secret, made from `seed`, and nothing that is optional.
inline key_record sample_key(const std::string& key_id, const std::string& tenant_id, std::uint8_t seed) {
  key_record record;
  record.who.key_id = key_id;
  record.who.tenant_id = tenant_id;
  record.who.quota = {1000, 200000};
  record.created_at = sample_moment();
  record.updated_at = sample_moment();
  record.secrets = {{sample_digest(seed), "ab_Z", std::nullopt}};
  return record;
}

/// A record that differs from those of other numbers in id, moment and request id.
inline audit_record sample_record(int number, const std::string& tenant_id = "acme") {
  audit_record record;
  record.id = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + number);
  record.created_at = sample_moment(std::chrono::milliseconds{number});
  record.request_id = "request-" + std::to_string(number);
  record.tenant_id = tenant_id;
  record.key_id = "key-1";
  record.endpoint = "/v1/chat/completions";
  record.method = "POST";
  record.model = "gpt-4o-mini";
  record.upstream = "openai";
  record.upstream_model = "gpt-4o-mini-2024-07-18";
  record.status = 200;
  record.usage = {12, 34};
  record.source = usage_source::provider;
  record.latency_ms = 56;
  record.attempts = 1;
  return record;
}

/// The records of the numbers `from` to before `to`.
inline std::vector<audit_record> sample_records(int from, int to) {
  std::vector<audit_record> records;
  records.reserve(static_cast<std::size_t>(to - from));
  for (int number = from; number < to; ++number) records.push_back(sample_record(number));
  return records;
}

inline ledger_entry sample_entry(const std::string& account = "key-1", limit_kind kind = limit_kind::daily_requests,
                                 int later = 0) {
  const auto day = day_of(sample_moment()) + std::chrono::days{later};
  return {limit_scope::key, account, kind, day, day, end_of(day)};
}

} // namespace gateway
