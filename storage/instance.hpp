#pragma once

#include "domain/error.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace gateway {

/// The name of a gateway process in a ledger that it may share with others. It lives in the file `instance` of the
/// storage directory (made once, 0600) and is the same after each restart. While this lives no other process gets it:
/// one that uses the same directory at the same time has a name for that time only.
class instance {
 public:
  static result<std::shared_ptr<const instance>> take(const std::filesystem::path& directory);
  ~instance();
  instance(const instance&) = delete;
  instance& operator=(const instance&) = delete;

  const std::string& id() const { return id_; }

 private:
  instance(int descriptor, std::string id) : descriptor_(descriptor), id_(std::move(id)) {}

  int descriptor_; ///< Of the file, which is locked as long as it is open.
  std::string id_;
};

} // namespace gateway
