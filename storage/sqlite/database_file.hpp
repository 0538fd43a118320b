#pragma once

#include <filesystem>

namespace gateway {

/// While it lives, whoever else wants one for the same directory waits, in this process or another.
class directory_lock {
 public:
  explicit directory_lock(const std::filesystem::path& directory);
  ~directory_lock();
  directory_lock(const directory_lock&) = delete;
  directory_lock& operator=(const directory_lock&) = delete;

 private:
  int descriptor_;
};

/// Makes what is missing of a directory's path, with mode 0700. Throws.
void make_private_directory(const std::filesystem::path& directory);

/// Makes an empty file with mode 0600, unless it is there. Throws.
void make_private_file(const std::filesystem::path& file);

} // namespace gateway
