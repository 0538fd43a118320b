#include "storage/journal/locked_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>

namespace gateway {
namespace {

[[noreturn]] void throw_errno(int reason = errno) { throw std::system_error(reason, std::generic_category()); }

void must(int outcome) {
  if (outcome != 0) throw_errno();
}

struct stat status_of(int descriptor) {
  struct stat found {};
  must(::fstat(descriptor, &found));
  return found;
}

} // namespace

locked_file::locked_file(const std::string& name, int flags)
    : descriptor_(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | flags, S_IRUSR | S_IWUSR)) {
  if (descriptor_ < 0) throw_errno();
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  const auto reason = errno;
  ::close(descriptor_);
  if (reason == EWOULDBLOCK) throw std::runtime_error("another gateway is running on it");
  throw_errno(reason);
}

locked_file locked_file::open(const std::string& name) {
  // Between the two steps of opening and locking, its owner may have put another file in its place.
  for (;;)
    if (locked_file opened(name, 0); opened.is(name)) return opened;
}

locked_file locked_file::create(const std::string& name) {
  locked_file made(name, 0);
  made.cut(0);
  return made;
}

locked_file::~locked_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string locked_file::read() const {
  std::string bytes(static_cast<std::size_t>(size()), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    const auto count = ::pread(descriptor_, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno();
    if (count == 0) bytes.resize(at);
    at += static_cast<std::size_t>(count);
  }
  return bytes;
}

void locked_file::write(std::string_view bytes, std::uint64_t at) const {
  const auto count = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
  if (count < 0) throw_errno();
  // A disk that takes a part of it has no room for the rest.
  if (static_cast<std::size_t>(count) < bytes.size()) throw_errno(ENOSPC);
}

void locked_file::cut(std::uint64_t at) const { must(::ftruncate(descriptor_, static_cast<off_t>(at))); }

std::uint64_t locked_file::size() const { return static_cast<std::uint64_t>(status_of(descriptor_).st_size); }

void locked_file::sync() const { must(::fdatasync(descriptor_)); }

bool locked_file::is(const std::string& name) const {
  struct stat named {};
  if (::stat(name.c_str(), &named) != 0) return false;
  const auto own = status_of(descriptor_);
  return own.st_ino == named.st_ino && own.st_dev == named.st_dev;
}

bool exchange_names(const std::string& one, const std::string& other) {
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) throw_errno();
  return false;
}

void sync_path(const std::string& name) {
  const auto descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return;
  if (descriptor < 0) throw_errno();
  const auto outcome = ::fsync(descriptor);
  const auto reason = errno;
  ::close(descriptor);
  if (outcome != 0) throw_errno(reason);
}

} // namespace gateway
