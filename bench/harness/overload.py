"""Row 7: ten times the load that the gateway can serve, from slow readers, and the memory that it takes."""
import re
import subprocess

from harness import open_load, rows
from harness.scene import scene

IN_FLIGHT = 64
# 6 MB of stream, more than the kernel takes off the gateway's hands, read at 750 KB a second.
CHUNKS, TOKEN_BYTES = 1500, 4000
READ_BYTES, READ_PAUSE_MS = 96_000, 125
SERVES_S = 4
TIMES = 10
LIMITS = {"connections": 2000, "in_flight": IN_FLIGHT, "request_bytes": 2**20, "event_bytes": 2**20,
          "buffered_bytes": 2**26}
AUDIT_QUEUE = 4096


def edit(config):
    config["limits"] = LIMITS
    config["topology"]["audit"] = {"queue": AUDIT_QUEUE}
    config["upstreams"]["mock"]["connections"] = IN_FLIGHT


def ceiling_kb(build, directory):
    """What `check` says that this configuration's memory stays under, or None where it does not say."""
    done = subprocess.run([build / "llm-gateway", "check", "--config", directory / "gateway.json"], capture_output=True,
                          text=True, timeout=30)
    found = re.search(r"^ *ceiling +(\d+) bytes", done.stdout, re.MULTILINE)
    return int(found[1]) / 1024 if found else None


def measure(wishes, server_cores, load_cores):
    rate = TIMES * IN_FLIGHT / SERVES_S
    print(f"row 7: {TIMES} times the streams that may be in flight, slow readers", flush=True)
    # A large request, too: 100 KB.
    request = rows.Row(7, "stream with a large request", rows.body(100_000, stream=True), True, 0, 0)
    mock = {"chunks": CHUNKS, "chunk_gap_ms": 0, "token_bytes": TOKEN_BYTES}
    with scene(wishes.build, server_cores, load_cores, mock, edit, nginx=False) as place:
        tool = open_load.Tool(wishes.build, load_cores)
        start = place.gateway.process.rss_kb()
        result = tool.run(place.gateway, request, place.body_file(request), rate=rate, seconds=wishes.overload_s,
                          connections=LIMITS["connections"], read_bytes=READ_BYTES, read_pause_ms=READ_PAUSE_MS,
                          patience_s=30)
        place.gateway.process.check_alive()
        open_load.insist(result, place.gateway, refusals=True)
        summary = {"in_flight": IN_FLIGHT, "offered_a_second": rate, "seconds": wishes.overload_s,
                   "statuses": result["statuses"], "most_open": result["most_open"],
                   "refusal_us": result["refusal_us"], "own_lag_us": result["own_lag_us"], "rss_start_kb": start,
                   "rss_peak_kb": place.gateway.process.rss_peak_kb(),
                   "ceiling_kb": ceiling_kb(wishes.build, place.directory)}
    print(f"  answers {summary['statuses']}, refusals within {result['refusal_us'].get('p99', 0) / 1e3:.1f} ms (p99), "
          f"RSS {start / 1024:.0f} MB at first, at most {summary['rss_peak_kb'] / 1024:.0f} MB", flush=True)
    return summary


def verdict(summary):
    if summary["ceiling_kb"] is None:
        return "no ceiling to compare with"
    return "reached" if summary["rss_peak_kb"] <= summary["ceiling_kb"] else "over the bar"
