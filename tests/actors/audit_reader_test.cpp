#include "actors/audit_reader.hpp"

#include "tests/actors/fakes/audit_store.hpp"
#include "tests/actors/fixture.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using namespace test;

/// A view of a log in memory that fails when it is told to.
class failing_view : public audit_view {
 public:
  bool is_there = true;
  std::unique_ptr<audit_store> log = make_memory_audit_store();

  result<audit_page> read(const audit_query& query) override {
    if (!is_there) return tl::unexpected(unavailable("disk I/O error"));
    return log->read(query);
  }
  result<usage_rows> usage(const usage_query& query) override {
    if (!is_there) return tl::unexpected(unavailable("disk I/O error"));
    return log->usage(query);
  }
};

struct reader_fixture : actor_fixture {
  std::shared_ptr<failing_view> view = std::make_shared<failing_view>();
  audit_reader_actor reader = keep(audit_reader_actor(system.spawn(audit_reader, view)));
};

TEST_CASE_METHOD(reader_fixture, "the reader answers with what the log holds") {
  REQUIRE(view->log->append(test::sample_records(3)));
  const auto page = ask<audit_page>(reader, query_atom::value, everything());
  CHECK(page.value().rows.size() == 3);
  const auto usage = ask<usage_rows>(reader, usage_atom::value, usage_query{});
  CHECK(usage.value().at(0).requests == 3);
}

TEST_CASE_METHOD(reader_fixture, "a log that fails is told of, and read again when it is back") {
  view->is_there = false;
  const auto page = ask<audit_page>(reader, query_atom::value, everything());
  REQUIRE_FALSE(page);
  CHECK(page.error().code == ec::dependency_unavailable);
  const auto usage = ask<usage_rows>(reader, usage_atom::value, usage_query{});
  REQUIRE_FALSE(usage);
  CHECK(usage.error().code == ec::dependency_unavailable);
  view->is_there = true;
  CHECK(ask<audit_page>(reader, query_atom::value, everything()));
  CHECK(ask<usage_rows>(reader, usage_atom::value, usage_query{}));
}

} // namespace
} // namespace gateway
