#include "storage/ledger_store.hpp"

#include "domain/time.hpp"
#include "storage/grantable.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/gateway_schema.hpp"

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
                                   timestamp) override {
    return attempt("grant from the ledger", [&]() -> result<std::vector<lease>> {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      std::vector<lease> leases;
      leases.reserve(wishes.size());
      for (const auto& wish : wishes) {
        const auto before = granted_in_all(wish.entry);
        const auto granted = grantable(wish.wanted, wish.limit, before);
        if (granted > 0) add(owner, wish.entry, granted);
        leases.push_back({wish.entry, granted, before + granted});
      }
      transaction.commit();
      return leases;
    });
  }

  result<void> give_back(const std::string& owner, const std::vector<lease_return>& returns, timestamp) override {
    return attempt("give back to the ledger", [&]() -> result<void> {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      for (const auto& back : returns) subtract(owner, back);
      transaction.commit();
      return {};
    });
  }

  result<void> prune(std::chrono::sys_days day) override {
    return attempt("prune the ledger", [&]() -> result<void> {
      SQLite::Statement statement(database_, "DELETE FROM granted WHERE day < ?");
      statement.bind(1, to_string(day));
      statement.exec();
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
  static void bind_entry(const statement_use& use, const ledger_entry& entry) {
    use->bind(1, to_string(entry.day));
    use->bind(2, entry.account);
    use->bind(3, std::string(to_string(entry.kind)));
  }

  std::uint64_t granted_in_all(const ledger_entry& entry) {
    const statement_use use(sum_);
    bind_entry(use, entry);
    use->executeStep();
    return from_stored(use->getColumn(0).getInt64());
  }

  void add(const std::string& owner, const ledger_entry& entry, std::uint64_t amount) {
    const statement_use use(add_);
    bind_entry(use, entry);
    use->bind(4, owner);
    use->bind(5, to_stored(amount));
    use->exec();
  }

  void subtract(const std::string& owner, const lease_return& back) {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    for (auto* statement : {&clear_, &subtract_}) {
      const statement_use use(*statement);
      bind_entry(use, back.entry);
      use->bind(4, owner);
      use->bind(5, to_stored(std::min(back.unspent, most)));
      use->exec();
    }
  }

  SQLite::Database database_;
  SQLite::Statement sum_{database_,
                         "SELECT coalesce(sum(amount), 0) FROM granted WHERE day = ? AND account = ? AND kind = ?"};
  SQLite::Statement add_{database_,
                         "INSERT INTO granted (day, account, kind, owner, amount) VALUES (?, ?, ?, ?, ?)"
                         " ON CONFLICT (day, account, kind, owner) DO UPDATE SET amount = amount + excluded.amount"};
  // What would fall to zero or below goes first, so that what is left can be subtracted from.
  SQLite::Statement clear_{
      database_, "DELETE FROM granted WHERE day = ? AND account = ? AND kind = ? AND owner = ? AND amount <= ?"};
  SQLite::Statement subtract_{
      database_,
      "UPDATE granted SET amount = amount - ?5 WHERE day = ?1 AND account = ?2 AND kind = ?3 AND owner = ?4"};
};

} // namespace

result<std::unique_ptr<ledger_store>> open_sqlite_ledger_store(const std::string& file) {
  return attempt("open the ledger in " + file, [&]() -> result<std::unique_ptr<ledger_store>> {
    return std::make_unique<sqlite_ledger_store>(open_database(file, gateway_schema(), commit_level::survives_crash));
  });
}

} // namespace gateway
