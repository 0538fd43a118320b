#include "storage/sqlite/database_file.hpp"

#include "tests/storage/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

namespace gateway {

namespace {

namespace fs = std::filesystem;

bool is_locked(const std::string& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY);
  REQUIRE(descriptor >= 0);
  const bool refused = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0;
  ::close(descriptor);
  return refused;
}

} // namespace

TEST_CASE("directories that are missing are made for their owner only, the others stay as they are") {
  temporary_directory directory;
  fs::create_directory(directory.file("a"));
  fs::permissions(directory.file("a"), fs::perms{0755});
  make_private_directory(directory.file("a/b/c"));
  make_private_directory(directory.file("a/b/c"));
  CHECK(fs::status(directory.file("a")).permissions() == fs::perms{0755});
  CHECK(fs::status(directory.file("a/b")).permissions() == fs::perms{0700});
  CHECK(fs::status(directory.file("a/b/c")).permissions() == fs::perms{0700});
  CHECK_THROWS(make_private_directory("/dev/null/a"));
}

TEST_CASE("a file is made empty, and left alone when it is there") {
  temporary_directory directory;
  const auto file = directory.file("a");
  make_private_file(file);
  CHECK(fs::status(file).permissions() == fs::perms{0600});
  CHECK(fs::file_size(file) == 0);
  std::ofstream(file) << "text";
  make_private_file(file);
  CHECK(fs::file_size(file) == 4);
  CHECK_THROWS_WITH(make_private_file(directory.path()), "this is a directory");
  CHECK_THROWS(make_private_file(directory.file("missing/a")));
}

TEST_CASE("a directory is locked for as long as its lock lives") {
  temporary_directory directory;
  {
    const directory_lock lock(directory.path());
    CHECK(is_locked(directory.path()));
  }
  CHECK_FALSE(is_locked(directory.path()));
  CHECK_THROWS(directory_lock(directory.file("missing")));
}

} // namespace gateway
