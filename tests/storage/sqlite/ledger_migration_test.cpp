#include "storage/ledger_store.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/gateway_schema.hpp"
#include "tests/storage/samples.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway;

TEST_CASE("what was granted before limits had scopes and zones was granted to keys, in days of UTC") {
  temporary_directory directory;
  const auto file = directory.file("gateway.db");
  {
    const database_schema before{gateway_schema().application_id, gateway_schema().migrations.first(2)};
    auto database = open_database(file, before, commit_level::survives_crash);
    database.exec("INSERT INTO granted (day, account, kind, owner, amount) VALUES ('" + to_string(sample_entry().day) +
                  "', 'key-1', 'daily_requests', 'a/shard 0', 7)");
  }
  const auto ledger = open_sqlite_ledger_store(file).value();
  const auto all = ledger->grants_of("a").value();
  REQUIRE(all.size() == 1);
  CHECK(all[0] == owned_grant{"a/shard 0", sample_entry(), 7});
  CHECK(ledger->grant("b", {{sample_entry(), 10, 10}}, sample_expiry()).value().at(0).granted == 3);
}
