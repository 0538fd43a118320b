"""Processes that are started, pinned to cores, measured by /proc and always ended."""
import contextlib
import os
import pathlib
import resource
import signal
import socket
import subprocess
import time

# For 10,000 streams, each with its caller's socket and its upstream's.
MANY_DESCRIPTORS = 32_768
TICKS = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """Why there is no result; the message is for whoever ran the benchmark."""


def cores():
    """The cores of the server under test, and those of the mock and the load. One core: nothing is pinned."""
    own = sorted(os.sched_getaffinity(0))
    return ([own[0]], own[1:]) if len(own) > 1 else ([], [])


def pinned(command, on):
    return ["taskset", "-c", ",".join(map(str, on)), *command] if on else list(command)


def most_descriptors():
    """Raises the limit of open files as far as this machine allows, also for the programs started from here."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (MANY_DESCRIPTORS, MANY_DESCRIPTORS))
        return MANY_DESCRIPTORS
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end_on_signals():
    """Turns the signals that would end this process into an exception, so that its children are ended too."""

    def stop(number, _frame):
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def children(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


def stat_fields(pid):
    # The command's name is in brackets and may hold anything.
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


class Process:
    """A program in the background, its output in a file."""

    def __init__(self, name, command, log, on=(), folder=None):
        self.name = name
        self.log = log
        with open(log, "wb") as output:
            self._popen = subprocess.Popen(pinned(command, on), stdin=subprocess.DEVNULL, stdout=output,
                                           stderr=subprocess.STDOUT, cwd=folder)
        self.pid = self._popen.pid

    def pids(self):
        return [self.pid, *children(self.pid)]

    def cpu(self):
        """User and system seconds so far, of all its threads and its children."""
        user = system = 0
        for pid in self.pids():
            fields = stat_fields(pid)
            user += int(fields[11])
            system += int(fields[12])
        return user / TICKS, system / TICKS

    def rss_kb(self):
        return self._status_kb("VmRSS:")

    def rss_peak_kb(self):
        """The most it ever was."""
        return self._status_kb("VmHWM:")

    def _status_kb(self, what):
        total = 0
        for pid in self.pids():
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith(what):
                    total += int(line.split()[1])
        return total

    def check_alive(self):
        if self._popen.poll() is not None:
            raise BenchError(f"{self.name} ended with {self._popen.returncode}:\n{self.last_words()}")

    def last_words(self):
        return pathlib.Path(self.log).read_text(errors="replace")[-2000:].strip()

    def end(self):
        family = self.pids()
        self._popen.terminate()
        try:
            self._popen.wait(timeout=10)
        except subprocess.TimeoutExpired:
            for pid in family:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._popen.wait()


def machine_cpu():
    """Seconds that all cores spent on programs, or that the host took away, so far."""
    fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _iowait, _irq, _softirq, steal = map(int, fields[:8])
    return (user + nice + system + steal) / TICKS


def children_cpu():
    """Seconds of those children that have ended, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Bystanders:
    """`with Bystanders() as others`: then `others.share` is how much of a core other programs took. Whatever is started
    in there must also end in there."""

    def __enter__(self):
        self._began = time.monotonic()
        self._not_ours = self._others()
        return self

    def __exit__(self, *_):
        self.share = max(self._others() - self._not_ours, 0) / (time.monotonic() - self._began)

    @staticmethod
    def _others():
        return machine_cpu() - children_cpu() - time.process_time()
