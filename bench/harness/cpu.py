"""Rows 1 to 3: CPU microseconds a request, of nginx and of whom it is compared with."""
import contextlib
import dataclasses
import pathlib
import tempfile
import time

from harness import load, peers, report, servers

IDLE_S = 5


def measure_row(row, nginx, other, mock, wishes, directory, load_cores):
    body_file = directory / f"row{row.number}.json"
    body_file.write_bytes(row.body)
    print(f"row {row.number}: {row.name}", flush=True)
    for server in (nginx, other):
        server.check(row)
    # What the mock can do without anybody before it; also shows that it is not the bottleneck.
    alone = load.run_wrk(mock, row, body_file, mock.warm_up_s, load_cores)
    for server in (nginx, other):
        load.run_wrk(server, row, body_file, server.warm_up_s, load_cores)
    pairs = []
    for number in range(1, wishes.rounds + 1):
        pair = [load.measure(server, mock, row, body_file, wishes.seconds, load_cores) for server in (nginx, other)]
        pairs.append(pair)
        print(f"  round {number}: nginx {pair[0].cpu_us:7.1f} us, {other.name} {pair[1].cpu_us:7.1f} us a request, "
              f"ratio {pair[1].cpu_us / pair[0].cpu_us:.2f}", flush=True)
    return report.summarize(row, other.name, pairs, alone["requests"] / alone["seconds"])


def idle_cpu(server):
    """Percent of a core, once what the load left behind is done."""
    time.sleep(1)
    before, began = sum(server.process.cpu()), time.monotonic()
    time.sleep(IDLE_S)
    return (sum(server.process.cpu()) - before) * 100 / (time.monotonic() - began)


def measure(chosen, wishes, server_cores, load_cores):
    """The rows' summaries, those of the peers, and what the gateway takes when it has nothing to do."""
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="llm-gateway-bench-")))
        mock = servers.start_mock(stack, wishes.build / "bench/mock_upstream", directory, load_cores)
        nginx = servers.start_nginx(stack, mock, directory, server_cores)
        if wishes.self_check:
            other = dataclasses.replace(nginx, name="nginx again")
        else:
            other = servers.start_gateway(stack, wishes.build / "llm-gateway", mock, directory, server_cores)
        rss_start = other.process.rss_kb()
        summaries = []
        for row in chosen:
            summaries.append(measure_row(row, nginx, other, mock, wishes, directory, load_cores))
            if not wishes.self_check:
                servers.check_audit(other)
        idle = None
        if not wishes.self_check and not wishes.quick:
            idle = {"cpu_percent": idle_cpu(other), "rss_start_mb": rss_start / 1024,
                    "rss_end_mb": other.process.rss_kb() / 1024}
        compared = []
        for name in wishes.peer:
            peer = peers.start(stack, name, wishes.build, mock, directory, server_cores)
            compared.append(measure_row(chosen[0], nginx, peer, mock, wishes, directory, load_cores))
        return summaries, compared, idle
