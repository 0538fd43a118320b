#include "storage/key_store.hpp"

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/gateway_schema.hpp"
#include "storage/sqlite/key_rows.hpp"
#include "storage/sqlite/tenant_rows.hpp"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <utility>

namespace gateway {

namespace {

std::string select_keys(const char* condition) {
  return "SELECT " + std::string(key_columns) + " FROM keys " + condition;
}

class sqlite_key_store final : public key_store {
 public:
  explicit sqlite_key_store(SQLite::Database database) : database_(std::move(database)) {}

  result<std::vector<key_record>> all() override {
    return attempt("read the keys", [&]() -> result<std::vector<key_record>> {
      const SQLite::Transaction snapshot(database_);
      SQLite::Statement rows(database_, select_keys("ORDER BY key_id"));
      return take(rows);
    });
  }

  result<key_page> list(const key_query& query) override {
    return attempt("list the keys", [&]() -> result<key_page> {
      const SQLite::Transaction snapshot(database_);
      const std::int64_t limit = std::max(query.limit, 1U);
      SQLite::Statement rows(
          database_, select_keys(query.tenant_id ? "WHERE key_id > ?1 AND tenant_id = ?3 ORDER BY key_id LIMIT ?2"
                                                 : "WHERE key_id > ?1 ORDER BY key_id LIMIT ?2"));
      rows.bind(1, query.after);
      rows.bind(2, limit + 1);
      if (query.tenant_id) rows.bind(3, *query.tenant_id);
      key_page page;
      page.keys = take(rows);
      if (page.keys.size() > static_cast<std::size_t>(limit)) {
        page.keys.pop_back();
        page.next = page.keys.back().who.key_id;
      }
      return page;
    });
  }

  result<key_record> find(const std::string& key_id) override {
    return attempt("read a key", [&]() -> result<key_record> {
      const SQLite::Transaction snapshot(database_);
      SQLite::Statement rows(database_, select_keys("WHERE key_id = ?"));
      rows.bind(1, key_id);
      auto found = take(rows);
      if (found.empty()) return no_such_key();
      return std::move(found.front());
    });
  }

  result<void> insert(const key_record& record) override {
    return attempt("write a key", [&]() -> result<void> {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      SQLite::Statement statement(database_, insert_key);
      bind_key(statement, record);
      if (statement.exec() == 0) return fail(ec::conflict, "there is a key with this key_id already", "key_id");
      if (!insert_secrets(record)) return fail(ec::conflict, "A secret of this key opens a key already.");
      transaction.commit();
      return {};
    });
  }

  result<void> update(const key_record& record) override {
    return attempt("write a key", [&]() -> result<void> {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      SQLite::Statement statement(database_, update_key);
      bind_key(statement, record);
      if (statement.exec() == 0) return no_such_key();
      SQLite::Statement forget(database_, "DELETE FROM key_secrets WHERE key_id = ?");
      forget.bind(1, record.who.key_id);
      forget.exec();
      if (!insert_secrets(record)) return fail(ec::conflict, "A secret of this key opens a key already.");
      transaction.commit();
      return {};
    });
  }

  result<void> erase(const std::string& key_id) override {
    return attempt("delete a key", [&]() -> result<void> {
      SQLite::Statement statement(database_, "DELETE FROM keys WHERE key_id = ?");
      statement.bind(1, key_id);
      if (statement.exec() == 0) return no_such_key();
      return {};
    });
  }

  result<tenant_table> tenants() override {
    return attempt("read the tenants", [&]() -> result<tenant_table> {
      SQLite::Statement rows(database_, select_tenants);
      tenant_table all;
      while (rows.executeStep()) all.insert(read_tenant(rows));
      return all;
    });
  }

  result<void> put_tenant(const std::string& tenant_id, const tenant_limits& limits) override {
    return attempt("write a tenant", [&]() -> result<void> {
      SQLite::Statement statement(database_, upsert_tenant);
      bind_tenant(statement, tenant_id, limits);
      statement.exec();
      return {};
    });
  }

  result<void> check() override {
    return attempt("reach the keys", [&]() -> result<void> {
      check_database(database_, "keys");
      return {};
    });
  }

 private:
  static tl::unexpected<failure> no_such_key() { return fail(ec::not_found, "there is no key with this key_id"); }

  // False when another key, or this one, has one of the secrets already.
  bool insert_secrets(const key_record& record) {
    SQLite::Statement statement(database_,
                                "INSERT INTO key_secrets (key_id, position, digest, hint, valid_until)"
                                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING");
    int position = 0;
    return std::all_of(record.secrets.begin(), record.secrets.end(), [&](const key_secret& secret) {
      const statement_use use(statement);
      bind_secret(statement, record.who.key_id, position++, secret);
      return use->exec() > 0;
    });
  }

  std::vector<key_record> take(SQLite::Statement& rows) {
    SQLite::Statement secrets(database_,
                              "SELECT digest, hint, valid_until FROM key_secrets WHERE key_id = ? ORDER BY position");
    std::vector<key_record> records;
    while (rows.executeStep()) {
      auto& record = records.emplace_back(read_key(rows));
      const statement_use use(secrets);
      use->bind(1, record.who.key_id);
      while (use->executeStep()) record.secrets.push_back(read_secret(secrets));
    }
    return records;
  }

  SQLite::Database database_;
};

} // namespace

result<std::unique_ptr<key_store>> open_sqlite_key_store(const std::string& file) {
  return attempt("open the keys in " + file, [&]() -> result<std::unique_ptr<key_store>> {
    return std::make_unique<sqlite_key_store>(open_database(file, gateway_schema(), commit_level::survives_power_loss));
  });
}

} // namespace gateway
