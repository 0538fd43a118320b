#include "storage/instance.hpp"

#include "tests/storage/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace gateway;
namespace fs = std::filesystem;

TEST_CASE("a directory gives its gateway the same name at every start") {
  temporary_directory directory;
  const auto first = instance::take(directory.file("data")).value()->id();
  CHECK(first.size() == 36);
  CHECK(instance::take(directory.file("data")).value()->id() == first);
  CHECK(instance::take(directory.file("other")).value()->id() != first);
  const auto mode = fs::status(directory.file("data/instance")).permissions();
  CHECK(mode == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("while one gateway has the name of a directory, another gets one for that time only") {
  temporary_directory directory;
  auto first = instance::take(directory.path()).value();
  const auto second = instance::take(directory.path()).value();
  CHECK(second->id() != first->id());
  const auto name = first->id();
  first.reset();
  CHECK(instance::take(directory.path()).value()->id() == name);
}

TEST_CASE("a name that was cut short is made anew, and a directory that cannot be used is said") {
  temporary_directory directory;
  std::ofstream(directory.file("instance")) << "0123";
  CHECK(instance::take(directory.path()).value()->id().size() == 36);
  std::ofstream(directory.file("taken")) << "x";
  CHECK(instance::take(directory.file("taken")).error().code == ec::dependency_unavailable);
}
