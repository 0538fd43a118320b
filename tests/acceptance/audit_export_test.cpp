#include "http/house.hpp"
#include "tests/acceptance/failures.hpp"
#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>

namespace gateway {
namespace {

using nlohmann::json;

/// A log of so many records, each of some size, that counts who asks for how much.
struct long_log : audit_view {
  std::uint64_t records = 0;
  std::size_t size = 0;
  std::atomic<std::uint64_t> pages{0};
  std::atomic<std::uint64_t> rows{0};
  std::uint64_t fails_at = UINT64_MAX; ///< The page that cannot be read.

  result<audit_page> read(const audit_query& query) override {
    if (++pages == fails_at) return tl::unexpected(unavailable("disk I/O error"));
    audit_page page;
    auto next = query.before ? *query.before - 1 : records;
    for (; next > 0 && page.rows.size() < query.limit; --next) page.rows.push_back({next, record_of(next)});
    if (next > 0) page.next = page.rows.back().sequence;
    rows += page.rows.size();
    return page;
  }
  result<usage_rows> usage(const usage_query&) override { return usage_rows{}; }

  audit_record record_of(std::uint64_t number) const {
    audit_record record;
    record.request_id = std::to_string(number);
    record.tenant_id = "acme";
    record.model = std::string(size, 'm');
    return record;
  }
};

struct export_fixture : gateway_fixture {
  std::shared_ptr<long_log> log = std::make_shared<long_log>();

  void open_with(std::uint64_t records, std::size_t size = 10) {
    log->records = records;
    log->size = size;
    change_stores = [this](stores& kept) { kept.view = log; };
    open();
  }

  http_response get(const std::string& query) const { return admin("GET", "/admin/audit?tenant_id=acme" + query); }
};

TEST_CASE_METHOD(export_fixture, "an export as lines of JSON has every record, newest first", "[acceptance]") {
  open_with(3500);
  const auto all = get("&format=jsonl");
  REQUIRE(all.status == 200);
  CHECK(all.header("Content-Type") == "application/x-ndjson");
  CHECK(all.header("Transfer-Encoding") == "chunked");
  std::uint64_t expected = 3500;
  for (std::size_t at = 0; at < all.body.size(); --expected) {
    const auto end = all.body.find('\n', at);
    REQUIRE(json::parse(all.body.substr(at, end - at)).at("sequence") == expected);
    at = end + 1;
  }
  CHECK(expected == 0);
  CHECK(log->pages == 4);
}

TEST_CASE_METHOD(export_fixture, "an export as CSV has a header and every record", "[acceptance]") {
  open_with(2500);
  const auto all = get("&format=csv");
  REQUIRE(all.status == 200);
  CHECK(all.header("Content-Type") == "text/csv; charset=utf-8");
  CHECK(all.body.starts_with("sequence,id,created_at,"));
  CHECK(std::count(all.body.begin(), all.body.end(), '\n') == 2501);
  CHECK(all.body.find("\r\n2500,") != std::string::npos);
  CHECK(all.body.find("\r\n1,") != std::string::npos);
}

TEST_CASE_METHOD(export_fixture, "an export ends where its limit says, and asks for no more", "[acceptance]") {
  open_with(5000);
  const auto some = get("&format=jsonl&limit=1500");
  CHECK(std::count(some.body.begin(), some.body.end(), '\n') == 1500);
  CHECK(log->rows == 1500);
  CHECK(get("&format=jsonl&limit=3&cursor=10").body.starts_with(R"({"sequence":9,)"));
}

TEST_CASE_METHOD(export_fixture, "an export of nothing is whole, and empty but for the header", "[acceptance]") {
  open_with(0);
  CHECK(get("&format=jsonl").body.empty());
  const auto csv = get("&format=csv").body;
  CHECK(csv.find("\r\n") == csv.size() - 2);
}

TEST_CASE_METHOD(export_fixture, "pages are read as fast as the reader reads, and no faster", "[acceptance]") {
  constexpr std::uint64_t pages = 20;
  open_with(pages * 1000, 4096);
  http_client reader(port());
  reader.send(request_text("GET", "/admin/audit?tenant_id=acme&format=jsonl",
                           {{"X-Admin-Token", settings.admin.token.reveal()}}));
  // Other requests pass the time: once the sockets' buffers are full, the reading stands still.
  http_client other(port());
  std::uint64_t before = 0;
  do {
    before = log->pages;
    for (int i = 0; i < 500; ++i) CHECK(other.call("GET", "/healthz").status == 200);
  } while (log->pages != before || before == 0);
  CHECK(log->pages < pages / 2);
  const auto all = reader.read_response();
  CHECK(log->pages == pages);
  CHECK(std::count(all.body.begin(), all.body.end(), '\n') == pages * 1000);
}

TEST_CASE_METHOD(export_fixture, "an export that fails in the middle never looks whole", "[acceptance]") {
  log->fails_at = 3;
  open_with(5000);
  http_client reader(port());
  reader.send(request_text("GET", "/admin/audit?tenant_id=acme&format=csv",
                           {{"X-Admin-Token", settings.admin.token.reveal()}}));
  CHECK(reader.read_head().status == 200);
  while (reader.read_event()) {
  }
  CHECK_FALSE(reader.body_is_whole());
  CHECK(reader.is_closed());
}

TEST_CASE_METHOD(export_fixture, "an export whose first page cannot be read is a plain failure", "[acceptance]") {
  log->fails_at = 1;
  open_with(10);
  check_failure(get("&format=csv"), 503, "PLATFORM_DEPENDENCY_UNAVAILABLE");
}

TEST_CASE_METHOD(export_fixture, "over HTTP/1.0, where a cut export would look whole, there is none", "[acceptance]") {
  open_with(10);
  http_client old(port());
  old.send("GET /admin/audit?tenant_id=acme&format=csv HTTP/1.0\r\nX-Admin-Token: " + settings.admin.token.reveal() +
           "\r\n\r\n");
  CHECK(old.read_response().status == 400);
}

TEST_CASE("sums of usage are grouped by what is asked for", "[acceptance]") {
  gateway_fixture gateway;
  gateway.settings.models["copy"] = gateway.settings.models["echo"];
  gateway.open();
  const auto key = gateway.make_key().at("key").get<std::string>();
  const auto other = gateway.make_key({{"tenant_id", "other"}}).at("key").get<std::string>();
  for (int i = 0; i < 3; ++i) CHECK(gateway.chat(key).status == 200);
  CHECK(gateway.chat(other).status == 200);
  CHECK(gateway.call("POST", "/chat", with_key(key), R"({"message":"hi","model":"copy"})").status == 200);
  CHECK(gateway.call("POST", "/chat", with_key(key), R"({"message":"hi","model":"none"})").status == 404);
  gateway.wait_for_records(5);
  gateway.wait_for_records(1, "other");
  const auto sums = [&](const std::string& query) { return gateway.admin("GET", "/admin/usage" + query).json(); };
  const auto all = sums("");
  REQUIRE(all.size() == 1);
  CHECK(all[0].at("requests") == 6);
  CHECK(all[0].at("errors") == 1);
  CHECK(all[0].at("total_tokens") == 40);
  CHECK_FALSE(all[0].contains("model"));
  const auto tenants = sums("?group_by=tenant_id");
  REQUIRE(tenants.size() == 2);
  CHECK(tenants[0].at("tenant_id") == "acme");
  CHECK(tenants[0].at("requests") == 5);
  CHECK(tenants[1].at("requests") == 1);
  const auto models = sums("?group_by=model,day&tenant_id=acme");
  REQUIRE(models.size() == 3);
  for (const auto& each : models) CHECK(each.at("day").get<std::string>().size() == 10);
  CHECK(sums("?from=2000-01-01T00:00:00Z&to=2000-01-02T00:00:00Z&group_by=tenant_id") == json::array());
  CHECK(check_failure(gateway.admin("GET", "/admin/usage?group_by=colour"), 400, "PLATFORM_REQUEST_INVALID")
            .at("param") == "group_by");
}

} // namespace
} // namespace gateway
