"""Processes that are started, pinned to cores, measured by /proc and always ended."""
import contextlib
import os
import pathlib
import signal
import socket
import subprocess

TICKS = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """Why there is no result; the message is for whoever ran the benchmark."""


def cores():
    """The cores of the server under test, and those of the mock and the load. One core: nothing is pinned."""
    own = sorted(os.sched_getaffinity(0))
    return ([own[0]], own[1:]) if len(own) > 1 else ([], [])


def pinned(command, on):
    return ["taskset", "-c", ",".join(map(str, on)), *command] if on else list(command)


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

    def __init__(self, name, command, log, on=()):
        self.name = name
        self.log = log
        with open(log, "wb") as output:
            self._popen = subprocess.Popen(pinned(command, on), stdin=subprocess.DEVNULL, stdout=output,
                                           stderr=subprocess.STDOUT)
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
        total = 0
        for pid in self.pids():
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
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
