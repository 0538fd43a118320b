#include "storage/instance.hpp"

#include "domain/api_key.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/database_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace gateway {

namespace {

[[noreturn]] void throw_last_error() { throw std::system_error(errno, std::generic_category()); }

class open_file {
 public:
  explicit open_file(const std::filesystem::path& file)
      : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
    if (descriptor_ < 0) throw_last_error();
  }
  ~open_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  int get() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }

  /// False when another process has it.
  bool lock() const {
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK) throw_last_error();
    return false;
  }

  std::string read(std::size_t most) const {
    std::string text(most, '\0');
    const auto length = ::pread(descriptor_, text.data(), text.size(), 0);
    if (length < 0) throw_last_error();
    text.resize(static_cast<std::size_t>(length));
    return text;
  }

  void write(const std::string& text) const {
    if (::ftruncate(descriptor_, 0) != 0) throw_last_error();
    if (::pwrite(descriptor_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) throw_last_error();
    if (::fsync(descriptor_) != 0) throw_last_error();
  }

 private:
  int descriptor_;
};

} // namespace

result<std::shared_ptr<const instance>> instance::take(const std::filesystem::path& directory) {
  return attempt("tell which gateway this is in " + directory.string(),
                 [&]() -> result<std::shared_ptr<const instance>> {
                   make_private_directory(directory);
                   open_file file(directory / "instance");
                   auto id = mint_uuid();
                   if (file.lock()) {
                     // A name that was cut short by a crash has granted nobody anything yet.
                     if (const auto kept = file.read(id.size()); kept.size() == id.size())
                       id = kept;
                     else
                       file.write(id);
                   }
                   return std::shared_ptr<const instance>(new instance(file.release(), std::move(id)));
                 });
}

instance::~instance() { ::close(descriptor_); }

} // namespace gateway
