#include "storage/ledger_store.hpp"

#include "domain/time.hpp"
#include "storage/grantable.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/gateway_schema.hpp"
#include "storage/sqlite/ledger_rows.hpp"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace gateway {

namespace {

class sqlite_ledger_store final : public ledger_store {
 public:
  explicit sqlite_ledger_store(SQLite::Database database) : database_(std::move(database)) {}

  result<std::vector<lease>> grant(const std::string& owner, const std::vector<lease_wish>& wishes,
                                   timestamp expires_at) override {
    return attempt("grant from the ledger", [&]() -> result<std::vector<lease>> {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      put_off(owner, expires_at);
      std::vector<lease> leases;
      leases.reserve(wishes.size());
      for (const auto& wish : wishes) {
        auto before = granted_in_all(wish.entry);
        if (wish.entry.ends <= forgotten(wish.entry.kind)) before = std::max(before, wish.limit);
        const auto granted = grantable(wish.wanted, wish.limit, before);
        if (granted > 0) add(owner, wish.entry, granted);
        leases.push_back({wish.entry, granted, before + granted});
      }
      transaction.commit();
      return leases;
    });
  }

  result<void> give_back(const std::string& owner, const std::vector<lease_return>& returns,
                         timestamp expires_at) override {
    return attempt("give back to the ledger", [&]() -> result<void> {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      put_off(owner, expires_at);
      for (const auto& back : returns) subtract(owner, back);
      transaction.commit();
      return {};
    });
  }

  result<void> prune(timestamp ended_by) override {
    return attempt("prune the ledger", [&]() -> result<void> {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      for (const auto* statement :
           {"INSERT INTO forgotten SELECT kind, max(ends) FROM granted WHERE ends <= ? GROUP BY kind"
            " ON CONFLICT (kind) DO UPDATE SET ended_by = max(ended_by, excluded.ended_by)",
            "DELETE FROM granted WHERE ends <= ?",
            "DELETE FROM owners WHERE expires_at <= ? AND owner NOT IN (SELECT owner FROM granted)"}) {
        SQLite::Statement step(database_, statement);
        step.bind(1, to_stored(ended_by));
        step.exec();
      }
      transaction.commit();
      return {};
    });
  }

  result<std::vector<owned_grant>> grants_of(const std::string& instance) override {
    return attempt("read the ledger", [&]() -> result<std::vector<owned_grant>> {
      SQLite::Statement statement(database_, select_of_instance);
      statement.bind(1, instance + "/");
      // The first text that is behind all those with that beginning.
      statement.bind(2, instance + "0");
      std::vector<owned_grant> all;
      while (statement.executeStep()) all.push_back(read_grant(statement));
      return all;
    });
  }

  result<void> correct(const std::vector<owned_grant>& grants) override {
    return attempt("correct the ledger", [&]() -> result<void> {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      for (const auto& grant : grants) {
        const statement_use use(set_);
        bind_entry(*use.operator->(), grant.entry);
        use->bind(5, grant.owner);
        use->bind(6, to_stored(grant.amount));
        use->exec();
      }
      transaction.commit();
      return {};
    });
  }

  result<void> check() override {
    return attempt("reach the ledger", [&]() -> result<void> {
      check_database(database_, "granted");
      return {};
    });
  }

 private:
  void put_off(const std::string& owner, timestamp expires_at) {
    const statement_use use(put_off_);
    use->bind(1, owner);
    use->bind(2, to_stored(expires_at));
    use->exec();
  }

  std::uint64_t granted_in_all(const ledger_entry& entry) {
    const statement_use use(sum_);
    bind_entry(*use.operator->(), entry);
    use->executeStep();
    return from_stored(use->getColumn(0).getInt64());
  }

  timestamp forgotten(limit_kind kind) {
    const statement_use use(forgotten_);
    use->bind(1, std::string(to_string(kind)));
    return use->executeStep() ? moment_from(use->getColumn(0).getInt64()) : timestamp::min();
  }

  void add(const std::string& owner, const ledger_entry& entry, std::uint64_t amount) {
    const statement_use use(add_);
    bind_entry(*use.operator->(), entry);
    use->bind(5, owner);
    use->bind(6, to_stored(amount));
    use->bind(7, to_stored(entry.begins));
    use->bind(8, to_stored(entry.ends));
    use->exec();
  }

  void subtract(const std::string& owner, const lease_return& back) {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    const statement_use use(subtract_);
    bind_entry(*use.operator->(), back.entry);
    use->bind(5, owner);
    use->bind(6, to_stored(std::min(back.unspent, most)));
    use->exec();
  }

  SQLite::Database database_;
  SQLite::Statement put_off_{database_,
                             "INSERT INTO owners (owner, expires_at) VALUES (?, ?)"
                             " ON CONFLICT (owner) DO UPDATE SET expires_at = excluded.expires_at"};
  SQLite::Statement sum_{database_,
                         "SELECT coalesce(sum(amount), 0) FROM granted"
                         " WHERE day = ? AND scope = ? AND account = ? AND kind = ?"};
  SQLite::Statement forgotten_{database_, "SELECT ended_by FROM forgotten WHERE kind = ?"};
  SQLite::Statement add_{database_,
                         "INSERT INTO granted (day, scope, account, kind, owner, amount, begins, ends)"
                         " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, scope, account, kind, owner) DO UPDATE SET"
                         " amount = amount + excluded.amount, begins = min(begins, excluded.begins),"
                         " ends = max(ends, excluded.ends)"};
  SQLite::Statement subtract_{database_,
                              "UPDATE granted SET amount = max(0, amount - ?6)"
                              " WHERE day = ?1 AND scope = ?2 AND account = ?3"
                              " AND kind = ?4 AND owner = ?5"};
  SQLite::Statement set_{database_,
                         "UPDATE granted SET amount = ?6 WHERE day = ?1 AND scope = ?2 AND account = ?3"
                         " AND kind = ?4 AND owner = ?5"};
};

} // namespace

result<std::unique_ptr<ledger_store>> open_sqlite_ledger_store(const std::string& file) {
  return attempt("open the ledger in " + file, [&]() -> result<std::unique_ptr<ledger_store>> {
    return std::make_unique<sqlite_ledger_store>(open_database(file, gateway_schema(), commit_level::survives_crash));
  });
}

} // namespace gateway
