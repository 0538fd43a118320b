"""Row 8: what a request costs with one worker and with two, under the same load on the same cores."""
import contextlib

from harness import figures, load, open_load, rows
from harness.scene import scene

BAR = 1.10
# Enough that no worker ever idles: one that does costs more a request, since it wakes up for fewer at a time.
CONNECTIONS = 64
WARM_UP_S = 1


def measure(wishes):
    request = rows.ROWS[0]
    print("row 8: one worker against two", flush=True)
    tool = open_load.Tool(wishes.build, [])
    with contextlib.ExitStack() as stack:
        places = {count: stack.enter_context(scene(wishes.build, [], [], edit=with_workers(count), nginx=False))
                  for count in (1, 2)}

        def run(count, seconds):
            place = places[count]
            return load.cost(place.gateway, lambda: open_load.insist(
                tool.run(place.gateway, request, place.body_file(request), concurrency=CONNECTIONS, seconds=seconds),
                place.gateway))["cpu_us"]

        rounds = []
        for count in places:
            run(count, WARM_UP_S)
        for number in range(1, wishes.rounds + 1):
            found = {count: run(count, wishes.seconds) for count in places}
            rounds.append(found)
            print(f"  round {number}: one worker {found[1]:.1f} us, two {found[2]:.1f} us a request, "
                  f"ratio {found[2] / found[1]:.2f}", flush=True)
    ratios = [found[2] / found[1] for found in rounds]
    return {"connections": CONNECTIONS, "bar": BAR, "one_us": figures.low_mid_high([found[1] for found in rounds]),
            "two_us": figures.low_mid_high([found[2] for found in rounds]), "ratio": figures.low_mid_high(ratios),
            "ratio_spread": figures.spread(ratios), "rounds": rounds}


def with_workers(count):
    def edit(config):
        config["topology"]["workers"] = count

    return edit


def verdict(summary):
    return "reached" if summary["ratio"]["median"] <= BAR else "over the bar"


def noise(summary):
    if summary["ratio_spread"] > figures.WIDEST_SPREAD:
        yield f"row 8: the ratio differs by {summary['ratio_spread']:.0%} between rounds"
