"""Rows 4 and 5: what a server adds to the time of one request at a time, everything on one core."""
import dataclasses

from harness import figures, open_load, rows
from harness.scene import scene

PERCENTILES = ("p50", "p99")
WARM_UP_S = 0.3


@dataclasses.dataclass(frozen=True)
class LatencyRow:
    number: int
    name: str
    delay_ms: float
    durability: str
    bar: tuple  # Microseconds that the gateway may add at p50 and p99.
    reach: tuple


ROWS = [
    LatencyRow(4, "upstream answers at once, audit `async`", 0, "async", (60, 150), (40, 100)),
    LatencyRow(5, "upstream answers after 2 ms, audit `grouped`", 2, "grouped", (80, 200), (60, 120)),
]


def measure_row(row, wishes, server_cores):
    """Rounds of the mock alone, through nginx, through the gateway."""
    request = rows.ROWS[0]

    def edit(config):
        config["topology"]["audit"] = {"durability": row.durability}

    print(f"row {row.number}: added latency, {row.name}", flush=True)
    rounds = []
    with scene(wishes.build, server_cores, server_cores, {"delay_ms": row.delay_ms}, edit) as place:
        tool = open_load.Tool(wishes.build, server_cores)
        everyone = {"direct": place.mock, "nginx": place.nginx, "gateway": place.gateway}
        for number in range(1, wishes.rounds + 1):
            found = {}
            for name, server in everyone.items():
                result = tool.run(server, request, place.body_file(request), concurrency=1,
                                  seconds=wishes.latency_seconds + WARM_UP_S, warm_up_s=WARM_UP_S)
                found[name] = open_load.insist(result, server)["latency_us"]
            rounds.append(found)
            print(f"  round {number}: p50 / p99 direct {found['direct']['p50']:.0f} / {found['direct']['p99']:.0f} us; "
                  + "; ".join(f"{name} adds {added(found, name, 'p50'):.0f} / {added(found, name, 'p99'):.0f}"
                              for name in ("nginx", "gateway")), flush=True)
    return summarize(row, rounds)


def added(found, name, percentile):
    return found[name][percentile] - found["direct"][percentile]


def summarize(row, rounds):
    summary = {"row": row.number, "name": row.name, "bar": row.bar, "reach": row.reach, "rounds": rounds}
    for name in ("nginx", "gateway"):
        summary[name] = {each: figures.low_mid_high([added(found, name, each) for found in rounds])
                         for each in PERCENTILES}
    summary["direct"] = {each: figures.low_mid_high([found["direct"][each] for found in rounds])
                         for each in PERCENTILES}
    return summary


def verdict(summary):
    found = [summary["gateway"][each]["median"] for each in PERCENTILES]
    if all(one <= most for one, most in zip(found, summary["reach"])):
        return "reached"
    return "within the bar" if all(one <= most for one, most in zip(found, summary["bar"])) else "over the bar"


def noise(summary):
    direct = summary["direct"]["p50"]
    if (direct["max"] - direct["min"]) / direct["median"] > figures.WIDEST_SPREAD:
        yield (f"row {summary['row']}: without anybody between, the median differs from {direct['min']:.0f} to "
               f"{direct['max']:.0f} us between rounds")
