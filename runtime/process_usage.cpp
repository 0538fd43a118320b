#include "runtime/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>

namespace gateway {
namespace {

std::chrono::microseconds to_microseconds(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

/// What proc(5) says of the process itself.
struct proc_stat {
  std::uint64_t started_ticks = 0; ///< Since the machine's boot.
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
};

proc_stat read_stat() {
  std::ifstream file("/proc/self/stat");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  // The program's name, the second field, is in parentheses and may hold anything.
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(text.substr(name_end + 1));
  proc_stat found;
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  fields >> found.started_ticks >> found.virtual_bytes >> found.resident_pages;
  return found;
}

timestamp boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word; file.ignore(std::numeric_limits<std::streamsize>::max(), '\n')) {
    std::int64_t seconds = 0;
    if (word == "btime" && file >> seconds) return timestamp(std::chrono::seconds(seconds));
  }
  return {};
}

std::uint64_t count_open_files() {
  std::error_code unreadable;
  const std::filesystem::directory_iterator files("/proc/self/fd", unreadable);
  // One of them is this directory.
  return unreadable ? 0 : static_cast<std::uint64_t>(std::distance(begin(files), end(files)) - 1);
}

} // namespace

process_usage process_usage_now() {
  process_usage usage;
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) == 0) usage.cpu = to_microseconds(used.ru_utime) + to_microseconds(used.ru_stime);
  const auto stat = read_stat();
  usage.virtual_bytes = stat.virtual_bytes;
  usage.resident_bytes = stat.resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const auto ticks_per_second = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
  usage.started_at = boot_time() + std::chrono::milliseconds(stat.started_ticks * 1000 / ticks_per_second);
  usage.open_files = count_open_files();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) usage.most_open_files = limit.rlim_cur;
  return usage;
}

} // namespace gateway
