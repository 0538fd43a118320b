#include "storage/sqlite/database_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace gateway {

namespace fs = std::filesystem;

directory_lock::directory_lock(const fs::path& directory)
    : descriptor_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category());
  while (::flock(descriptor_, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    const std::error_code reason(errno, std::generic_category());
    ::close(descriptor_);
    throw std::system_error(reason);
  }
}

directory_lock::~directory_lock() { ::close(descriptor_); }

void make_private_directory(const fs::path& directory) {
  if (fs::exists(directory)) return;
  if (directory.has_parent_path()) make_private_directory(directory.parent_path());
  if (::mkdir(directory.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    throw std::system_error(errno, std::generic_category());
  }
}

void make_private_file(const fs::path& file) {
  if (fs::is_directory(file)) throw std::runtime_error("this is a directory");
  // Not open(): closing a descriptor of our own would drop the locks which this process's other connections hold
  // on the file (POSIX fcntl). SQLite gives its -wal and -shm files the mode of this one.
  if (::mknod(file.c_str(), S_IFREG | S_IRUSR | S_IWUSR, 0) != 0 && errno != EEXIST) {
    throw std::system_error(errno, std::generic_category());
  }
}

} // namespace gateway
