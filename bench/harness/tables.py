"""Rows 4 to 8 as Markdown."""
from harness import latency, overload, streams, workers


def three(values, form):
    return " / ".join(form.format(values[name]) for name in ("min", "median", "max"))


def latency_table(summaries):
    yield from ("", "Microseconds added to a request, one at a time, everything on one core, min / median / max:", "",
                "| row | | alone | nginx adds | gateway adds | bar | reach for | |",
                "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for each in summaries:
        for number, percentile in enumerate(latency.PERCENTILES):
            yield (f"| {each['row']}. {each['name']} | {percentile} | {three(each['direct'][percentile], '{:.0f}')} | "
                   f"{three(each['nginx'][percentile], '{:.0f}')} | **{three(each['gateway'][percentile], '{:.0f}')}** | "
                   f"{each['bar'][number]} | {each['reach'][number]} | {latency.verdict(each)} |")


def streams_table(summary):
    count = f"{summary['streams']:,}"
    yield from ("", f"Row 6: {count} open streams, a token a second each, on two workers; all open together for "
                f"{summary['hold_s']} s. Bar: none dropped, p99 within {summary['late_ms']} ms of the pace, "
                f"{summary['bar_kb']} KB of RSS a stream; reach for {summary['reach_kb']} KB. "
                f"Gateway: **{streams.verdict(summary)}**.")
    if summary["streams"] < summary["wished"]:
        yield f"Not {summary['wished']:,}: this machine does not allow a process enough descriptors."
    yield from ("", "| | dropped or failed | off the pace, p50 / p99 / max ms | first token, p99 ms | KB of RSS a stream |",
                "| --- | ---: | ---: | ---: | ---: |")
    for name in ("direct", "nginx", "gateway"):
        one = summary[name]
        gap = " / ".join(f"{one['gap_us'][each] / 1e3:.1f}" for each in ("p50", "p99", "max"))
        memory = "" if name == "direct" else f"{one['rss_kb_a_stream']:.1f}"
        yield f"| {name} | {one['failed']} | {gap} | {one['first_token_us']['p99'] / 1e3:.1f} | {memory} |"


def overload_table(summary):
    ceiling = summary["ceiling_kb"]
    said = f"{ceiling / 1024:.0f} MB" if ceiling else "none in `llm-gateway check`"
    refused = sum(count for status, count in summary["statuses"].items() if status != "200")
    yield from ("", f"Row 7: {summary['offered_a_second']:.0f} streams a second from slow readers, where "
                f"{summary['in_flight']} may be in flight, for {summary['seconds']} s: {summary['statuses']['200']} served "
                f"whole, {refused} refused (p99 {summary['refusal_us'].get('p99', 0) / 1e3:.1f} ms). RSS "
                f"{summary['rss_start_kb'] / 1024:.0f} MB at first, at most **{summary['rss_peak_kb'] / 1024:.0f} MB**; "
                f"ceiling: {said}. **{overload.verdict(summary).capitalize()}**.")


def workers_table(summary):
    yield from ("", f"Row 8: CPU microseconds a request, {summary['connections']} connections, on two cores: one worker "
                f"{three(summary['one_us'], '{:.1f}')}, two {three(summary['two_us'], '{:.1f}')}; ratio "
                f"**{three(summary['ratio'], '{:.2f}')}**, bar {summary['bar']:.2f}: {workers.verdict(summary)}.")


def sweep_table(summary):
    yield from ("", "Latency against offered load, milliseconds from when a request was due; one core for the server:", "",
                "| requests/s offered | nginx p50 | p99 | gateway p50 | p99 | gateway's RSS, MB |",
                "| ---: | ---: | ---: | ---: | ---: | ---: |")
    for each in summary["points"]:
        times = " | ".join(f"{each[name][percentile] / 1e3:.2f}" for name in ("nginx", "gateway")
                           for percentile in ("p50", "p99"))
        yield f"| {each['rate']} | {times} | {each['gateway']['rss_kb'] / 1024:.0f} |"
