"""The plots, drawn by gnuplot: latency against load, and memory against open streams."""
import shutil
import subprocess

from harness.processes import BenchError

WIDTH, HEIGHT = 760, 420
COLOURS = {"nginx": "#7a7a7a", "gateway": "#1f6fb4"}
HEAD = f"""set terminal svg size {WIDTH},{HEIGHT} font "sans-serif,13" background "#ffffff"
set border 3
set tics nomirror out
set grid ytics lc rgb "#dddddd"
set key top left reverse Left
"""


def available():
    return shutil.which("gnuplot") is not None


def draw(script, file):
    done = subprocess.run(["gnuplot"], input=HEAD + script, capture_output=True, text=True, timeout=60)
    if done.returncode != 0 or not done.stdout.startswith("<?xml"):
        raise BenchError(f"gnuplot drew no {file.name}: {done.stderr}")
    file.write_text("\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n")


def data(name, lines):
    return "\n".join([f"${name} << EOD", *(" ".join(map(str, line)) for line in lines), "EOD", ""])


def latency(sweep, file):
    script = ""
    lines = []
    for name in ("nginx", "gateway"):
        script += data(name, [(each["rate"], each[name]["p50"] / 1e3, each[name]["p99"] / 1e3)
                              for each in sweep["points"]])
        for column, percentile, dash in ((2, "p50", 1), (3, "p99", 2)):
            lines.append(f'${name} using 1:{column} with linespoints dt {dash} lw 2 pt 7 ps 0.4 '
                         f'lc rgb "{COLOURS[name]}" title "{name} {percentile}"')
    script += f"""set logscale y
set xlabel "requests a second, offered on a fixed schedule (one core for the server)"
set ylabel "milliseconds from when a request was due"
set format x "%.0f"
set xrange [0:*]
set arrow from {sweep['capacity_per_s']},graph 0 to {sweep['capacity_per_s']},graph 1 nohead lc rgb "#cccccc"
set label "all that the\\ngateway's core can do" at {sweep['capacity_per_s']},graph 0.08 right offset -1,0 tc rgb "#888888"
plot {', '.join(lines)}
"""
    draw(script, file)


def memory(streams, file):
    script = ""
    lines = []
    for name in ("nginx", "gateway"):
        script += data(name, [(count, kb / 1024) for count, kb in streams[name]["curve"]])
        lines.append(f'${name} using 1:2 with lines lw 2 lc rgb "{COLOURS[name]}" title "{name}"')
    script += f"""set xlabel "open streams"
set ylabel "RSS, MB"
set xrange [0:*]
set yrange [0:*]
plot {', '.join(lines)}
"""
    draw(script, file)
