"""The mock upstream, nginx and the gateway, each listening on a port of its own."""
import dataclasses
import http.client
import json
import os
import pathlib
import pwd
import shutil
import time

from harness import rows
from harness.processes import BenchError, Process, free_port, most_descriptors

BENCH = pathlib.Path(__file__).resolve().parent.parent
ADMIN_TOKEN = "bench-admin-token"
PATH = "/v1/chat/completions"
READY_WITHIN_S = 15


@dataclasses.dataclass
class Server:
    """Somebody who can be put under load."""
    name: str
    process: Process
    port: int
    stream_port: int
    key: str = "none"
    path: str = PATH
    warm_up_s: int = 1  # Before its first measurement of a row.
    headers: dict = dataclasses.field(default_factory=dict)  # Besides Content-Type and Authorization.

    def url(self, row):
        return f"http://127.0.0.1:{self.port_of(row)}{self.path}"

    def port_of(self, row):
        return self.stream_port if row.stream else self.port

    def check(self, row):
        """Sends the row's request once and looks at the answer closely."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}", **self.headers}
        try:
            wrong = rows.whats_wrong(row, *exchange(self.port_of(row), "POST", self.path, row.body, headers))
        except (OSError, http.client.HTTPException) as error:
            self.process.check_alive()
            wrong = str(error)
        if wrong:
            raise BenchError(f"row {row.number} through {self.name}: {wrong}\n{self.process.last_words()}")


def exchange(port, method, path, body=None, headers=None, timeout=30):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_until(process, ready):
    """Asks `ready` until it says yes; whoever needs it ends by itself when the process does."""
    patience = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < patience:
        process.check_alive()
        try:
            if found := ready():
                return found
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    raise BenchError(f"{process.name} was not ready within {READY_WITHIN_S} s:\n{process.last_words()}")


def start_mock(stack, binary, directory, on, chunks=rows.CHUNKS, chunk_gap_ms=rows.CHUNK_GAP_MS, delay_ms=0.0,
               token_bytes=0):
    command = [str(binary), "--port", "0", "--chunks", str(chunks), "--chunk-gap-ms", str(chunk_gap_ms),
               "--delay-ms", str(delay_ms), "--token-bytes", str(token_bytes)]
    process = Process("the mock upstream", command, directory / "mock.log", on)
    stack.callback(process.end)

    def port():
        words = process.last_words().split()
        return int(words[2]) if words[:2] == ["listening", "on"] and len(words) == 3 else None

    found = wait_until(process, port)
    return Server("mock", process, found, found)


def start_nginx(stack, upstream, directory, on):
    binary = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not binary:
        raise BenchError("nginx is not installed")
    server = Server("nginx", None, free_port(), free_port())
    # Its worker would otherwise be somebody who may not enter the directory.
    user = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
    descriptors = most_descriptors()
    values = {"USER": user, "DIRECTORY": directory, "UPSTREAM_PORT": upstream.port, "PORT": server.port,
              "STREAM_PORT": server.stream_port, "DESCRIPTORS": descriptors,
              # Where less than a sixteenth of these is free, it closes connections that wait for their first request.
              "CONNECTIONS": descriptors * 5 // 4}
    text = (BENCH / "nginx.conf").read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    config = directory / "nginx.conf"
    config.write_text(text)
    command = [binary, "-p", str(directory), "-e", str(directory / "nginx-error.log"), "-c", str(config)]
    server.process = Process("nginx", command, directory / "nginx.log", on)
    stack.callback(server.process.end)
    wait_until(server.process, lambda: exchange(server.port, "GET", "/")[0] > 0)
    return server


def gateway_config(port, upstream, directory):
    return {
        "listen": {"host": "127.0.0.1", "port": port},
        "admin": {"token": ADMIN_TOKEN},
        "storage": {"directory": str(directory / "data")},
        "topology": {"workers": 1},
        "upstreams": {"mock": {"kind": "openai", "base_url": f"http://127.0.0.1:{upstream.port}/v1"}},
        "models": {rows.MODEL: {"targets": [{"upstream": "mock"}]}},
        "default_model": rows.MODEL,
        "log": {"level": "warn"},
    }


def start_gateway(stack, binary, upstream, directory, on, edit=None):
    """`edit` may change the config before it is written."""
    port = free_port()
    config = directory / "gateway.json"
    what = gateway_config(port, upstream, directory)
    if edit:
        edit(what)
    config.write_text(json.dumps(what, indent=2))
    process = Process("the gateway", [str(binary), "serve", "--config", str(config)], directory / "gateway.log", on)
    stack.callback(process.end)
    wait_until(process, lambda: exchange(port, "GET", "/readyz")[0] == 200)
    return Server("gateway", process, port, port, create_key(port))


def admin(port, method, path, body=None):
    headers = {"Content-Type": "application/json", "X-Admin-Token": ADMIN_TOKEN}
    status, answer = exchange(port, method, path, json.dumps(body) if body else None, headers)
    if status not in (200, 201):
        raise BenchError(f"{method} {path} answered {status}: {answer[:300].decode(errors='replace')}")
    return json.loads(answer)


def create_key(port):
    wishes = {"tenant_id": "bench", "quota_daily_requests": 10**12, "quota_daily_tokens": 10**15}
    return admin(port, "POST", "/admin/keys", wishes)["key"]


def check_audit(gateway):
    """What was measured must have been recorded. The load leaves its last requests in the middle: those say 499."""
    newest = admin(gateway.port, "GET", "/admin/audit?tenant_id=bench&status=200&limit=1")
    if not newest or newest[0].get("status") != 200 or not newest[0].get("completion_tokens"):
        raise BenchError(f"the audit log does not tell of the load; its newest record: {newest}")
