#include "tests/acceptance/left_behind.hpp"

#include "storage/instance.hpp"
#include "tests/storage/temporary_directory.hpp"

#include <filesystem>
#include <stdexcept>

namespace gateway {

std::vector<owned_grant> leases_left_behind(const std::string& data_directory) {
  const temporary_directory copies;
  for (const auto& file : std::filesystem::directory_iterator(data_directory)) {
    const auto name = file.path().filename().string();
    if (name == "instance" || name.starts_with("gateway.db")) std::filesystem::copy(file, copies.file(name));
  }
  const auto identity = instance::take(copies.path());
  if (!identity) throw std::runtime_error(identity.error().message);
  const auto ledger = open_sqlite_ledger_store(copies.file("gateway.db"));
  if (!ledger) throw std::runtime_error(ledger.error().message);
  auto grants = (*ledger)->grants_of((*identity)->id());
  if (!grants) throw std::runtime_error(grants.error().message);
  return *std::move(grants);
}

} // namespace gateway
