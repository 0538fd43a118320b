"""One measurement: load on a server, and what it cost the server's processes."""
import dataclasses
import json
import os
import subprocess

from harness.processes import BenchError, children_cpu, machine_cpu, pinned
from harness.rows import CONNECTIONS
from harness.servers import BENCH


@dataclasses.dataclass
class Measurement:
    cpu_us: float  # A request, user and system.
    system_share: float  # Of it.
    requests: int
    seconds: float
    busy: float  # Of one core, by the server.
    others: float  # Of one core, by whoever else ran on this machine.
    p50_us: int
    p99_us: int


def run_wrk(server, row, body_file, seconds, on):
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(BENCH / "chat.lua"),
               *(word for name, value in server.headers.items() for word in ("-H", f"{name}: {value}")),
               server.url(row), "--", str(body_file)]
    done = subprocess.run(pinned(command, on), capture_output=True, text=True, timeout=seconds + 60,
                          env={**os.environ, "GATEWAY_BENCH_KEY": server.key})
    found = [line for line in done.stdout.splitlines() if line.startswith("result ")]
    if done.returncode != 0 or not found:
        raise BenchError(f"wrk failed on {server.name}:\n{done.stdout}{done.stderr}")
    return json.loads(found[-1].removeprefix("result "))


def measure(server, mock, row, body_file, seconds, on):
    """Loads `server` and fails when an answer was not 200, or when the figures cannot be true."""
    before = (server.process.cpu(), mock.process.cpu(), children_cpu(), machine_cpu())
    result = run_wrk(server, row, body_file, seconds, on)
    after = (server.process.cpu(), mock.process.cpu(), children_cpu(), machine_cpu())
    server.process.check_alive()
    wrong = {name: result[name] for name in ("bad_status", "broken", "timeouts") if result[name]}
    if wrong:
        raise BenchError(f"row {row.number} through {server.name}: {wrong} of {result['requests']} requests:\n"
                         f"{server.process.last_words()}")
    user, system = (after[0][i] - before[0][i] for i in (0, 1))
    known = user + system + sum(after[1]) - sum(before[1]) + after[2] - before[2]
    measurement = Measurement(
        cpu_us=(user + system) * 1e6 / max(result["requests"], 1),
        system_share=system / max(user + system, 1e-9),
        requests=result["requests"],
        seconds=result["seconds"],
        busy=(user + system) / result["seconds"],
        others=max(after[3] - before[3] - known, 0) / result["seconds"],
        p50_us=result["p50_us"],
        p99_us=result["p99_us"])
    if measurement.requests < CONNECTIONS or not 0.5 < measurement.cpu_us < 20_000:
        raise BenchError(f"row {row.number} through {server.name}: absurd figures: {measurement}")
    return measurement


def cost(server, run):
    """What `run` brought back, with the CPU microseconds of the server for each answer."""
    before = sum(server.process.cpu())
    result = run()
    spent = sum(server.process.cpu()) - before
    return {**result, "cpu_us": spent * 1e6 / sum(result["statuses"].values())}
