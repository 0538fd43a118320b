#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace gateway {

/// Runs `work(report)` in a child process and kills that with SIGKILL once it has reported `enough` times.
/// Returns how often it had reported when it was dead. `work` must go on for longer than that.
template <class Work>
int run_until_killed(int enough, Work work) {
  int ends[2] = {};
  if (::pipe(ends) != 0) throw std::runtime_error("there is no pipe");
  const auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    work([&] {
      if (::write(ends[1], "x", 1) != 1) ::_exit(1);
    });
    ::_exit(0);
  }
  ::close(ends[1]);
  int reports = 0;
  for (char byte = 0; ::read(ends[0], &byte, 1) == 1;) {
    if (++reports == enough) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) throw std::runtime_error("the child ended by itself");
  return reports;
}

/// Runs `work` in a child process that is not root, whom file modes do not bind; whether it returned true.
template <class Work>
bool run_as_ordinary_user(Work work) {
  const auto child = ::fork();
  if (child == 0) {
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(1);
    ::_exit(work() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace gateway
