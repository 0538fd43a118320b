"""Latency and memory against offered load, for the plots: the same rates through nginx and through the gateway."""
from harness import load, open_load, rows
from harness.scene import scene

SHARES = (0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
CONNECTIONS = 256
WARM_UP_S = 0.5
# Up to this share of the gateway's capacity the load itself must not be late by more than that.
MUST_BE_PUNCTUAL, MOST_LAG_US = 0.7, 2000


def edit(config):
    config["upstreams"]["mock"]["connections"] = CONNECTIONS


def measure(wishes, server_cores, load_cores):
    request = rows.ROWS[0]
    with scene(wishes.build, server_cores, load_cores, edit=edit) as place:
        tool = open_load.Tool(wishes.build, load_cores)
        body = place.body_file(request)
        whole = load.cost(place.gateway, lambda: open_load.insist(
            tool.run(place.gateway, request, body, concurrency=64, seconds=1), place.gateway))
        capacity = 1e6 / whole["cpu_us"]
        print(f"latency against load, up to {SHARES[-1]} x {capacity:.0f} requests a second", flush=True)
        points = []
        for share in SHARES:
            point = {"share": share, "rate": round(share * capacity)}
            for server in (place.nginx, place.gateway):
                point[server.name] = measure_one(tool, server, request, body, point["rate"], wishes.sweep_s)
            points.append(point)
            print(f"  {point['rate']:6d} a second: " + "; ".join(
                f"{name} p50 {point[name]['p50']:.0f}, p99 {point[name]['p99']:.0f} us" for name in ("nginx", "gateway")),
                flush=True)
    return {"capacity_per_s": capacity, "points": points}


def measure_one(tool, server, request, body, rate, seconds):
    result = tool.run(server, request, body, rate=rate, seconds=seconds + WARM_UP_S, warm_up_s=WARM_UP_S,
                      connections=CONNECTIONS)
    open_load.insist(result, server, refusals=True)
    return {"p50": result["latency_us"]["p50"], "p99": result["latency_us"]["p99"], "statuses": result["statuses"],
            "own_lag_p99": result["own_lag_us"]["p99"], "rss_kb": server.process.rss_kb()}


def noise(summary):
    late = max(each[name]["own_lag_p99"] for each in summary["points"] for name in ("nginx", "gateway")
               if each["share"] <= MUST_BE_PUNCTUAL)
    if late > MOST_LAG_US:
        yield f"latency against load: requests were sent up to {late / 1e3:.0f} ms late (p99)"
