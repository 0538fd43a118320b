"""Runs bench/load's program: load on a schedule, or request after answer, and every latency from when it was due."""
import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
import time

from harness import rows, servers
from harness.processes import BenchError, pinned

PATIENCE_S = 20


class Tool:
    """The program, with the cores it runs on."""

    def __init__(self, build, on):
        self._binary = build / "bench/open_load"
        self._on = on

    def start(self, server, row, body_file, **options):
        """`options` are those of the program, with _ for -."""
        command = [str(self._binary), "--port", str(server.port_of(row)), "--path", server.path,
                   "--body", str(body_file)]
        for name, value in server.headers.items():
            command += ["--header", f"{name}: {value}"]
        for name, value in options.items():
            command += [f"--{name.replace('_', '-')}", str(value)]
        return subprocess.Popen(pinned(command, self._on), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env={**os.environ, "GATEWAY_BENCH_KEY": server.key})

    def run(self, server, row, body_file, watch=None, **options):
        """What it measured; `watch` is called with the seconds so far, a few times a second, while it runs."""
        program = self.start(server, row, body_file, **options)
        patience = options.get("seconds", 0) + options.get("patience_s", PATIENCE_S) + 120
        began = time.monotonic()
        try:
            while watch and program.poll() is None and time.monotonic() - began < patience:
                watch(time.monotonic() - began)
                time.sleep(0.25)
            out, errors = program.communicate(timeout=patience)
        finally:
            with contextlib.suppress(ProcessLookupError):
                if program.poll() is None:
                    program.kill()
                    program.wait()
        if program.returncode != 0:
            raise BenchError(f"open_load failed on {server.name}: {errors}")
        return json.loads(out)


def insist(result, server, refusals=False):
    """Fails unless every request got a complete answer, and one with status 200 unless there may be `refusals`."""
    wrong = {name: count for name, count in result["errors"].items() if count}
    if not refusals:
        wrong |= {status: count for status, count in result["statuses"].items() if status != "200"}
    if wrong or not result["statuses"].get("200"):
        raise BenchError(f"through {server.name}: {wrong or 'no answers'} of {result['due']} requests:\n"
                         f"{server.process.last_words()}")
    return result


def check_schedule(build):
    """Fails when waiting is left out: ten requests, one due every 10 ms, on one connection of a mock that takes 50 ms for
    each. The last one is due after 90 ms and cannot be answered before 500."""
    row = rows.ROWS[0]
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="llm-gateway-bench-")))
        body_file = directory / "body.json"
        body_file.write_bytes(row.body)
        mock = servers.start_mock(stack, build / "bench/mock_upstream", directory, [], delay_ms=50)
        result = insist(Tool(build, []).run(mock, row, body_file, rate=100, count=10, connections=1), mock)
    latency = result["latency_us"]
    if latency["count"] != 10 or latency["max"] < 410_000 or latency["p50"] < 210_000:
        raise BenchError(f"open_load leaves out how long requests waited: {latency}")
