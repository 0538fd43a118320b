"""The gateway under test: its config, its key, what it says of itself and what the kernel says of it."""
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from harness.processes import BenchError, Process, free_port
from harness.servers import ADMIN_TOKEN, READY_WITHIN_S, exchange

MODELS = ("quick", "slow", "big", "hang", "reset", "error", "stream", "flood", "stall", "cut")


class Upstream:
    """`bounds/upstream.py` in a process of its own."""

    def __init__(self, stack, directory):
        script = pathlib.Path(__file__).resolve().parent / "upstream.py"
        self.process = Process("the upstream", [sys.executable, str(script)], directory / "upstream.log")
        stack.callback(self.process.end)
        patience = time.monotonic() + READY_WITHIN_S
        while not (found := re.search(r"listening on (\d+)", self.process.last_words())):
            self.process.check_alive()
            if time.monotonic() > patience:
                raise BenchError("the upstream does not listen")
            time.sleep(0.05)
        self.port = int(found.group(1))


class House:
    """A gateway with these limits and timeouts, in front of an upstream of `bounds.upstream`."""

    def __init__(self, stack, binary, upstream, directory, limits=None, timeouts=None, workers=2):
        self.port = free_port()
        self.upstream_port = upstream.port
        target = {"retries": 0}
        config = {
            "listen": {"host": "127.0.0.1", "port": self.port},
            "admin": {"token": ADMIN_TOKEN},
            "storage": {"directory": str(directory / "data")},
            "topology": {"workers": workers, "audit": {"queue": 8192}},
            "limits": limits or {},
            "timeouts": timeouts or {},
            "upstreams": {"up": {"kind": "openai", "base_url": f"http://127.0.0.1:{upstream.port}/v1",
                                 "connections": 4096, "breaker": {"consecutive_failures": 0, "error_rate": 0}}},
            "models": {name: {"targets": [{"upstream": "up"}], **target} for name in MODELS},
            "default_model": "quick",
            "log": {"level": "error"},
        }
        file = directory / "gateway.json"
        file.write_text(json.dumps(config, indent=2))
        said = subprocess.run([str(binary), "check", "--config", str(file)], capture_output=True, text=True)
        if said.returncode:
            raise BenchError(said.stderr)
        self.ceiling = int(re.search(r"^  ceiling +(\d+) bytes", said.stdout, re.M).group(1))
        self.terms = [line for line in said.stdout.splitlines() if re.search(r"\d+ x \d+ = \d+$", line)]
        self.process = Process("the gateway", [str(binary), "serve", "--config", str(file)], directory / "gateway.log")
        stack.callback(self.process.end)
        self.wait_until_ready()
        self.key_id, self.key = self.create_key("bench")

    def wait_until_ready(self):
        patience = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < patience:
            self.process.check_alive()
            try:
                if exchange(self.port, "GET", "/readyz")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)
        raise BenchError(f"the gateway was not ready:\n{self.process.last_words()}")

    def admin(self, method, path, body=None):
        headers = {"Content-Type": "application/json", "X-Admin-Token": ADMIN_TOKEN}
        status, answer = exchange(self.port, method, path, json.dumps(body) if body else None, headers)
        if status not in (200, 201, 204):
            raise BenchError(f"{method} {path} answered {status}: {answer[:300].decode(errors='replace')}")
        return json.loads(answer) if answer else None

    def create_key(self, tenant):
        made = self.admin("POST", "/admin/keys", {"tenant_id": tenant, "quota_daily_requests": 10**12,
                                                  "quota_daily_tokens": 10**15})
        return made["key_id"], made["key"]

    def held(self):
        """What the key's limits still hold, by limit; without those that hold nothing."""
        limits = self.admin("GET", f"/admin/keys/{self.key_id}/usage")["limits"]
        return {name: each["held"] for name, each in limits.items() if each["held"]}

    def metrics(self):
        """The gauges without labels, and the like."""
        _status, text = exchange(self.port, "GET", "/metrics")
        return {name: float(value) for name, value in re.findall(r"^(\w+) ([\d.]+)$", text.decode(), re.M)}

    def rss(self):
        return self._status("VmRSS")

    def peak(self):
        return self._status("VmHWM")

    def descriptors(self):
        """Those in use, without the connections to the upstream, which are kept for later."""
        connected = re.compile(rf"^\s*\d+: \S+ [0-9A-F]{{8}}:{self.upstream_port:04X} 0[18] ", re.M)
        kept = len(connected.findall(pathlib.Path(f"/proc/{self.process.pid}/net/tcp").read_text()))
        return len(os.listdir(f"/proc/{self.process.pid}/fd")) - kept

    def _status(self, name):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+)", text, re.M).group(1)) * 1024
