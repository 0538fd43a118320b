#pragma once

#include "storage/audit_store.hpp"
#include "storage/key_store.hpp"
#include "storage/ledger_store.hpp"

#include <memory>
#include <string>
#include <vector>

namespace gateway {

/// One of the ways to keep something, all of which must behave alike.
template <class Store>
struct twin {
  std::string name;
  std::unique_ptr<Store> (*open)(const std::string& directory);
};

inline std::vector<twin<key_store>> key_twins() {
  return {{"memory", [](const std::string&) { return make_memory_key_store(); }},
          {"sqlite", [](const std::string& directory) {
             return std::move(open_sqlite_key_store(directory + "/gateway.db").value());
           }}};
}

inline std::vector<twin<audit_store>> audit_twins() {
  return {{"memory", [](const std::string&) { return make_memory_audit_store(); }},
          {"sqlite", [](const std::string& directory) {
             return std::move(open_sqlite_audit_store(directory + "/audit.db").value());
           }}};
}

inline std::vector<twin<ledger_store>> ledger_twins() {
  return {{"memory", [](const std::string&) { return make_memory_ledger_store(); }},
          {"sqlite", [](const std::string& directory) {
             return std::move(open_sqlite_ledger_store(directory + "/gateway.db").value());
           }}};
}

} // namespace gateway
