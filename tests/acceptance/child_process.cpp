#include "tests/acceptance/child_process.hpp"

#include "tests/acceptance/loopback.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace gateway {
namespace {

std::vector<std::string> environment_with(const child_process::variables& more) {
  std::vector<std::string> all;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string line = *each;
    const auto name = line.substr(0, line.find('='));
    if (name != "ADDR" && name != "ADMIN_TOKEN" && name != "SQLITE_PATH" && !more.contains(name)) all.push_back(line);
  }
  for (const auto& [name, value] : more) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& each : texts) all.push_back(each.data());
  all.push_back(nullptr);
  return all;
}

} // namespace

child_process::child_process(const std::vector<std::string>& command, const variables& more) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, ends[1], STDERR_FILENO);
  auto arguments = command;
  auto environment = environment_with(more);
  const int error = ::posix_spawnp(&id_, command.front().c_str(), &files, nullptr, pointers(arguments).data(),
                                   pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    throw std::system_error(error, std::generic_category(), command.front());
  }
  reader_ = std::thread([this, from = ends[0]] { read_all(from); });
}

child_process::~child_process() {
  if (!ended_) {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  reader_.join();
}

void child_process::read_all(int from) {
  std::array<char, 4096> room{};
  while (true) {
    const auto got = ::read(from, room.data(), room.size());
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
    if (got <= 0) break;
    output_.append(room.data(), static_cast<std::size_t>(got));
  }
  ::close(from);
  const std::lock_guard lock(mutex_);
  silent_ = true;
  changed_.notify_all();
}

void child_process::send_signal(int number) const { ::kill(id_, number); }

int child_process::wait() {
  std::unique_lock lock(mutex_);
  // Its outputs end with it, so that this needs no timer.
  if (!changed_.wait_for(lock, 3 * patience, [&] { return silent_; }))
    throw std::runtime_error("the program did not end; it said: " + output_);
  int status = 0;
  ::waitpid(id_, &status, 0);
  ended_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string child_process::output() const {
  const std::lock_guard lock(mutex_);
  return output_;
}

std::string child_process::wait_for(const std::string& text) {
  std::unique_lock lock(mutex_);
  const auto line = [&] {
    const auto start = output_.find(text);
    const auto end = start == std::string::npos ? start : output_.find('\n', start);
    return std::pair(start, end);
  };
  changed_.wait_for(lock, 3 * patience, [&] { return silent_ || line().second != std::string::npos; });
  const auto [start, end] = line();
  if (end == std::string::npos) throw std::runtime_error("the program did not say '" + text + "' but: " + output_);
  return output_.substr(start + text.size(), end - start - text.size());
}

finished_process run(const std::vector<std::string>& command, const child_process::variables& more) {
  child_process child(command, more);
  const int code = child.wait();
  return {code, child.output()};
}

} // namespace gateway
