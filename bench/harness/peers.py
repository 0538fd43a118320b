"""Other gateways, each described by a file in bench/peers: how it is installed, started and asked."""
import json
import shutil
import subprocess

from harness.processes import BenchError, Process, free_port
from harness.servers import BENCH, Server, exchange, wait_until

INSTALL_WITHIN_S = 300


def known():
    return sorted(file.stem for file in (BENCH / "peers").glob("*.json"))


def install(name, build):
    """The peer's description, and the folder that it is installed in. Once installed, nobody is asked again."""
    text = (BENCH / "peers" / f"{name}.json").read_text()
    peer = json.loads(text)
    if lacking := [program for program in peer["needs"] if not shutil.which(program)]:
        raise BenchError(f"peer {name} needs {' and '.join(lacking)}, which is not installed")
    folder = build / "bench/peers" / name
    marker = folder / "installed.json"
    if not marker.exists() or marker.read_text() != text:
        print(f"Installing {peer['about']} in {folder}", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(peer["install"], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=INSTALL_WITHIN_S)
        if done.returncode != 0:
            raise BenchError(f"peer {name} could not be installed:\n{done.stdout}{done.stderr}")
        marker.write_text(text)
    return peer, folder


def start(stack, name, build, upstream, directory, on):
    peer, folder = install(name, build)
    port = free_port()

    def filled(text):
        return text.replace("@PORT@", str(port)).replace("@UPSTREAM_PORT@", str(upstream.port))

    process = Process(name, [filled(word) for word in peer["command"]], directory / f"{name}.log", on, folder)
    stack.callback(process.end)
    wait_until(process, lambda: exchange(port, "GET", peer["ready"])[0] == 200)
    return Server(name, process, port, port, path=peer["path"], warm_up_s=peer["warm_up_s"],
                  headers={header: filled(value) for header, value in peer["headers"].items()})
