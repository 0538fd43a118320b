#include "runtime/process_usage.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

using namespace gateway;
using namespace std::chrono_literals;

TEST_CASE("a process knows its memory, its time and when it began") {
  const auto usage = process_usage_now();
  CHECK(usage.resident_bytes > 1'000'000);
  CHECK(usage.virtual_bytes > usage.resident_bytes);
  CHECK(usage.cpu > 0us);
  CHECK(usage.started_at > wall_clock_now() - 1h);
  // The boot time, from which it is counted, is known to the second.
  CHECK(usage.started_at < wall_clock_now() + 2s);
  rlimit limit{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  CHECK(usage.most_open_files == limit.rlim_cur);
}

TEST_CASE("the open files of a process are counted, without the one that counts them") {
  const auto before = process_usage_now().open_files;
  CHECK(before >= 1);
  std::vector<int> files;
  files.reserve(3);
  for (int i = 0; i < 3; ++i) files.push_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
  CHECK(process_usage_now().open_files == before + 3);
  for (const auto file : files) close(file);
  CHECK(process_usage_now().open_files == before);
}
