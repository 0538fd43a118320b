"""Row 6: many open streams, a token a second each: are they on time, and what does one cost in memory?"""
from harness import open_load, processes, rows
from harness.scene import scene

RAMP_S = 10
PACE_MS = 1000
LATE_MS = 50
# What a server needs besides a stream's two sockets.
SPARE_DESCRIPTORS = 100
BAR_KB, REACH_KB = 40, 20


def affordable(wished):
    """A stream takes two descriptors of the gateway: its caller's and its upstream's."""
    return min(wished, (processes.most_descriptors() - SPARE_DESCRIPTORS) // 2)


def edit(config):
    config["topology"]["workers"] = 2
    config["limits"] = {"connections": 100_000, "in_flight": 100_000}
    config["upstreams"]["mock"]["connections"] = 100_000


def measure(wishes):
    streams = affordable(wishes.streams)
    ramp_s = RAMP_S * streams / 10_000
    print(f"row 6: {streams} open streams, a token a second each", flush=True)
    request = rows.STREAM_ROW
    found = {}
    tool = open_load.Tool(wishes.build, [])
    # Whom the gateway is compared with holds them for a shorter time.
    for name, hold_s in (("direct", wishes.hold_s / 3), ("nginx", wishes.hold_s / 3), ("gateway", wishes.hold_s)):
        # So that all are open together for that time.
        mock = {"chunks": round(ramp_s + hold_s), "chunk_gap_ms": PACE_MS}
        with scene(wishes.build, [], [], mock, edit) as place:
            server = {"direct": place.mock, "nginx": place.nginx, "gateway": place.gateway}[name]
            found[name] = measure_one(tool, place, server, request, streams, ramp_s)
            one = found[name]
            print(f"  {name}: {one['failed']} failed, tokens off their pace by {one['gap_us']['p99'] / 1e3:.1f} ms (p99), "
                  f"{one['rss_kb_a_stream']:.1f} KB a stream", flush=True)
    return {"streams": streams, "wished": wishes.streams, "pace_ms": PACE_MS, "hold_s": wishes.hold_s,
            "bar_kb": BAR_KB, "reach_kb": REACH_KB, "late_ms": LATE_MS, **found}


def measure_one(tool, place, server, request, streams, ramp_s):
    rss_start = server.process.rss_kb()
    curve = []

    def watch(seconds):
        curve.append((min(round(seconds / ramp_s * streams), streams), server.process.rss_kb()))

    rate = streams / ramp_s
    result = tool.run(server, request, place.body_file(request), watch, rate=rate, count=streams, connections=streams,
                      sources=4, pace_ms=PACE_MS, patience_s=ramp_s + 90)
    server.process.check_alive()
    others = sum(count for status, count in result["statuses"].items() if status != "200")
    peak = max(rss for _, rss in curve)
    return {"failed": sum(result["errors"].values()) + others, "errors": result["errors"],
            "statuses": result["statuses"], "most_open": result["most_open"], "gap_us": result["gap_us"],
            "first_token_us": result["first_token_us"], "own_lag_us": result["own_lag_us"],
            "rss_start_kb": rss_start, "rss_peak_kb": peak, "rss_kb_a_stream": (peak - rss_start) / streams,
            "curve": [point for point in curve if point[0] < streams] + [(streams, peak)]}


def verdict(summary):
    one = summary["gateway"]
    if one["failed"] or one["gap_us"]["p99"] > LATE_MS * 1e3 or one["rss_kb_a_stream"] > BAR_KB:
        return "over the bar"
    return "reached" if one["rss_kb_a_stream"] <= REACH_KB else "within the bar"


def noise(summary):
    if summary["direct"]["gap_us"]["p99"] > LATE_MS * 1e3 / 2:
        yield (f"row 6: without anybody between, tokens were off their pace by "
               f"{summary['direct']['gap_us']['p99'] / 1e3:.0f} ms (p99)")
