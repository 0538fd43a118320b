"""Figures of a run, as a table to read and as JSON to keep."""
import dataclasses
import json
import pathlib
import platform
import statistics
import subprocess
import time

from harness import tables
from harness.figures import MOST_OTHERS, WIDEST_SPREAD, low_mid_high, spread


def summarize(row, compared, rounds, mock_alone_per_s):
    """`rounds`: pairs of measurements, nginx's and that of whom it is compared with."""
    ratios = [other.cpu_us / nginx.cpu_us for nginx, other in rounds]
    return {
        "row": row.number, "name": row.name, "bar": row.bar, "reach": row.reach, "compared": compared,
        "nginx_us": low_mid_high([nginx.cpu_us for nginx, _ in rounds]),
        "gateway_us": low_mid_high([other.cpu_us for _, other in rounds]),
        "ratio": low_mid_high(ratios),
        "ratio_spread": spread(ratios),
        "others": max(each.others for pair in rounds for each in pair),
        "mock_alone_per_s": mock_alone_per_s,
        "rounds": [{"nginx": dataclasses.asdict(nginx), "gateway": dataclasses.asdict(other)}
                   for nginx, other in rounds],
    }


def noise(summaries):
    """What made the figures of these rows doubtful."""
    for each in summaries:
        if each["ratio_spread"] > WIDEST_SPREAD:
            yield f"row {each['row']}: the ratio differs by {each['ratio_spread']:.0%} between rounds"
        if each["others"] > MOST_OTHERS:
            yield f"row {each['row']}: other programs took up to {each['others']:.0%} of a core"


def absurd(run):
    """What cannot be true, and so shows that the benchmark or the gateway is broken."""
    for each in run["rows"]:
        if not 0.1 < each["ratio"]["median"] < 20:
            yield f"row {each['row']}: a ratio of {each['ratio']['median']:.2f}"
    for each in run["latency"]:
        if not -100 < each["gateway"]["p50"]["median"] < 20_000:
            yield f"row {each['row']}: the gateway adds {each['gateway']['p50']['median']:.1f} us"
    if run["streams"] and run["streams"]["gateway"]["failed"]:
        yield f"row 6: {run['streams']['gateway']['failed']} streams failed: {run['streams']['gateway']['errors']}"


def verdict(summary):
    ratio = summary["ratio"]["median"]
    if ratio <= summary["reach"]:
        return "reached"
    return "within the bar" if ratio <= summary["bar"] else "over the bar"


def cpu_table(summaries):
    yield from ("", "CPU microseconds a request, min / median / max:", "",
                "| row | nginx | compared | ratio | bar | reach for | |", "| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for each in summaries:
        yield (f"| {each['row']}. {each['name']} | {tables.three(each['nginx_us'], '{:.1f}')} | "
               f"{each['compared']} {tables.three(each['gateway_us'], '{:.1f}')} | "
               f"**{tables.three(each['ratio'], '{:.2f}')}** | {each['bar']} | {each['reach']} | {verdict(each)} |")
    yield from ("", "| median of the rounds | requests/s | p50 us | p99 us | kernel's share | server's core |",
                "| --- | ---: | ---: | ---: | ---: | ---: |")
    for each in summaries:
        for who, named in (("nginx", "nginx"), ("gateway", each["compared"])):
            mid = {name: statistics.median(r[who][name] for r in each["rounds"]) for name in each["rounds"][0][who]}
            yield (f"| {each['row']}. {named} | {mid['requests'] / mid['seconds']:.0f} | {mid['p50_us']:.0f} | "
                   f"{mid['p99_us']:.0f} | {mid['system_share']:.0%} | {mid['busy']:.0%} |")
        yield f"| {each['row']}. the mock alone | {each['mock_alone_per_s']:.0f} | | | | |"


def as_markdown(run):
    about = run["about"]
    lines = [f"# {about['date']}, {about['revision']}", "",
             f"{about['cpu']}, {about['cores']} cores, Linux {about['kernel']}, {about['nginx']}. "
             f"{about['rounds']} rounds of {about['seconds']} s. The whole run took {about['took_s']:.0f} s."]
    if run["self_check"]:
        lines += ["", "Self-check: nginx is in the gateway's place, so every ratio should be 1."]
    if run["rows"]:
        lines += cpu_table(run["rows"] + run["peers"])
    if run["latency"]:
        lines += tables.latency_table(run["latency"])
    for name, table in (("streams", tables.streams_table), ("overload", tables.overload_table),
                        ("workers", tables.workers_table), ("sweep", tables.sweep_table)):
        if run[name]:
            lines += table(run[name])
    if run["idle"]:
        idle = run["idle"]
        lines += ["", f"Idle: {idle['cpu_percent']:.2f} % of a core; RSS {idle['rss_start_mb']:.1f} MB after the start, "
                  f"{idle['rss_end_mb']:.1f} MB after the load."]
    if run["micro"]:
        lines += ["", "| micro-benchmark | CPU ns |", "| --- | ---: |"]
        lines += [f"| {name} | {ns:.0f} |" for name, ns in run["micro"].items()]
    if run["noise"]:
        lines += ["", "**This machine was too noisy**, run it again: " + "; ".join(run["noise"]) + "."]
    return "\n".join(lines) + "\n"


def about(rounds, seconds, took_s):
    def said(*command):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=10)
        except OSError:
            return "unknown"
        return (done.stdout + done.stderr).strip() or "unknown"

    models = [line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
              if line.startswith("model name")]
    return {"date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
            "revision": said("git", "describe", "--always", "--dirty"), "cpu": models[0] if models else "unknown CPU",
            "cores": len(models), "kernel": platform.release(), "rounds": rounds, "seconds": seconds, "took_s": took_s,
            "nginx": said("nginx", "-v").removeprefix("nginx version: ")}


def write(run, directory, name):
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}.json").write_text(json.dumps(run, indent=1) + "\n")
    (directory / f"{name}.md").write_text(as_markdown(run))
