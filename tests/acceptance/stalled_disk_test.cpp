#include "http/house.hpp"
#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/metrics_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace gateway {
namespace {

/// A journal on a disk that stands still from a moment on, until the test lets it go.
class stalling_journal final : public audit_journal {
 public:
  explicit stalling_journal(std::shared_ptr<audit_journal> disk) : disk_(std::move(disk)) {}

  std::atomic<bool> stalls{false};
  gate moves;

  result<void> append(journal_pieces pieces, bool sync) override {
    if (stalls) moves.pass();
    return disk_->append(pieces, sync);
  }
  result<journal_contents> replay() override { return disk_->replay(); }
  result<void> compact(journal_pieces open, bool sync) override { return disk_->compact(open, sync); }
  std::uint64_t bytes() const override { return disk_->bytes(); }
  result<void> check() override { return disk_->check(); }

 private:
  std::shared_ptr<audit_journal> disk_;
};

TEST_CASE(
    "while the audit log's disk stalls requests wait up to their bound, the rest are refused, and all of it goes "
    "on when it moves",
    "[acceptance]") {
  constexpr std::size_t bound = 4;
  gateway_fixture gateway;
  std::shared_ptr<stalling_journal> disk;
  gateway.settings.topology.workers = 1;
  gateway.settings.limits.in_flight = bound;
  gateway.change_stores = [&](stores& kept) {
    disk = std::make_shared<stalling_journal>(kept.journal);
    kept.journal = disk;
  };
  gateway.open();
  const auto key = gateway.make_key();
  const std::string secret = key.at("key");
  CHECK(gateway.chat(secret).status == 200);
  disk->stalls = true;
  std::vector<std::future<http_response>> waiting;
  for (std::size_t i = 0; i < bound; ++i)
    waiting.push_back(std::async(std::launch::async, [&] { return gateway.chat(secret); }));
  const auto in_flight = [&] { return parse_samples(gateway.call("GET", "/metrics").body).at("gateway_in_flight"); };
  for (int turn = 0; turn < 10'000 && in_flight() < bound; ++turn) continue;
  CHECK(in_flight() == bound);
  for (int i = 0; i < 50; ++i) {
    const auto refused = gateway.chat(secret);
    check_failure(refused, 503, "PLATFORM_OVERLOADED");
    CHECK(refused.header("Retry-After") == "1");
  }
  disk->moves.open();
  for (auto& each : waiting) CHECK(each.get().status == 200);
  CHECK(gateway.chat(secret).status == 200);
  CHECK(in_flight() == 0);
  CHECK(gateway.wait_for_records(bound + 2).size() == bound + 2);
}

} // namespace
} // namespace gateway
