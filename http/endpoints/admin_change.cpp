#include "http/endpoints/admin_change.hpp"

#include "domain/api_key.hpp"
#include "runtime/failure.hpp"

#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

constexpr std::chrono::milliseconds commit_within{5000};

} // namespace

std::string change_text(const ordered_json& before, const ordered_json& after) {
  const ordered_json both{{"before", before}, {"after", after}};
  return both.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

task<void> answer_change(exchange& talk, std::string change, int status, std::string body) {
  auto record = talk.record;
  record.id = mint_uuid();
  record.status = status;
  record.change = std::move(change);
  const auto took = std::chrono::steady_clock::now() - talk.began();
  record.latency_ms = static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  talk.audited = false; // This record is the one.
  const auto written = talk.house.outbox.settle(record);
  const bool committed = co_await talk.house.outbox.wait(written, commit_within);
  if (!committed)
    co_return co_await talk.refuse(
        unavailable("the change is made, but the audit log has not taken its record yet: look at it before trying "
                    "again"));
  co_await talk.reply.send(status, body.empty() ? "" : "application/json", body);
}

} // namespace gateway
