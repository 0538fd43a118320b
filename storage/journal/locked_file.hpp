#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {

/// A file that this process has for itself (flock). What goes wrong throws std::system_error.
class locked_file {
 public:
  /// Opens `name`, which is made when it is missing (0600). Throws std::runtime_error when another process has it.
  static locked_file open(const std::string& name);
  /// The same; whatever was in it is gone.
  static locked_file create(const std::string& name);
  locked_file(locked_file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  locked_file& operator=(locked_file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~locked_file();

  /// All of it.
  std::string read() const;
  /// In one call; throws when less than all of it could be written.
  void write(std::string_view bytes, std::uint64_t at) const;
  void cut(std::uint64_t at) const;
  std::uint64_t size() const;
  /// Waits until its bytes are on the disk.
  void sync() const;
  /// Whether it is the one that has this name now.
  bool is(const std::string& name) const;

 private:
  locked_file(const std::string& name, int flags);

  int descriptor_ = -1;
};

/// Each of two files gets the other's name, at once. False where the file system cannot do that.
bool exchange_names(const std::string& one, const std::string& other);

/// Waits until the bytes of a file or the names in a directory are on the disk, whoever wrote them; one that is not
/// there is.
void sync_path(const std::string& name);

} // namespace gateway
