"""Figures of a run, as a table to read and as JSON to keep."""
import dataclasses
import json
import pathlib
import platform
import statistics
import subprocess
import time

# Beyond these a figure says more about the machine than about the gateway.
WIDEST_SPREAD = 0.15
MOST_OTHERS = 0.25


def spread(values):
    return (max(values) - min(values)) / statistics.median(values)


def low_mid_high(values):
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


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
    """What made this run's figures doubtful."""
    for each in summaries:
        if each["ratio_spread"] > WIDEST_SPREAD:
            yield f"row {each['row']}: the ratio differs by {each['ratio_spread']:.0%} between rounds"
        if each["others"] > MOST_OTHERS:
            yield f"row {each['row']}: other programs took up to {each['others']:.0%} of a core"


def verdict(summary):
    ratio = summary["ratio"]["median"]
    if ratio <= summary["reach"]:
        return "reached"
    return "within the bar" if ratio <= summary["bar"] else "over the bar"


def _three(values, form):
    return " / ".join(form.format(values[name]) for name in ("min", "median", "max"))


def as_markdown(run):
    lines = [f"# {run['about']['date']}, {run['about']['revision']}", "",
             f"{run['about']['cpu']}, {run['about']['cores']} cores, Linux {run['about']['kernel']}, "
             f"{run['about']['nginx']}. {run['about']['rounds']} rounds of {run['about']['seconds']} s.", ""]
    if run["self_check"]:
        lines += ["Self-check: nginx is in the gateway's place, so every ratio should be 1.", ""]
    lines += ["CPU microseconds a request, min / median / max:", "",
              "| row | nginx | gateway | ratio | bar | reach for | |", "| --- | ---: | ---: | ---: | ---: | ---: | --- |"]
    for each in run["rows"]:
        lines.append(f"| {each['row']}. {each['name']} | {_three(each['nginx_us'], '{:.1f}')} | "
                     f"{_three(each['gateway_us'], '{:.1f}')} | **{_three(each['ratio'], '{:.2f}')}** | "
                     f"{each['bar']} | {each['reach']} | {verdict(each)} |")
    lines += ["", "| median of the rounds | requests/s | p50 us | p99 us | kernel's share | server's core |",
              "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for each in run["rows"]:
        for who in ("nginx", "gateway"):
            mid = {name: statistics.median(r[who][name] for r in each["rounds"]) for name in each["rounds"][0][who]}
            lines.append(f"| {each['row']}. {who} | {mid['requests'] / mid['seconds']:.0f} | {mid['p50_us']:.0f} | "
                         f"{mid['p99_us']:.0f} | {mid['system_share']:.0%} | {mid['busy']:.0%} |")
        lines.append(f"| {each['row']}. the mock alone | {each['mock_alone_per_s']:.0f} | | | | |")
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


def about(rounds, seconds):
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
            "cores": len(models), "kernel": platform.release(), "rounds": rounds, "seconds": seconds,
            "nginx": said("nginx", "-v").removeprefix("nginx version: ")}


def write(run, directory):
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "latest.json").write_text(json.dumps(run, indent=2) + "\n")
    (directory / "latest.md").write_text(as_markdown(run))
