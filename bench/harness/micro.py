"""The micro-benchmarks: programs of Google Benchmark, next to the mock upstream in the build directory."""
import json
import subprocess

from harness.processes import BenchError

IN_NS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def run_micro(directory):
    """Name and CPU nanoseconds of each."""
    figures = {}
    for program in sorted(directory.glob("*_bench")):
        command = [str(program), "--benchmark_format=json", "--benchmark_min_time=0.2"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise BenchError(f"{program.name} failed:\n{done.stderr}")
        for each in json.loads(done.stdout)["benchmarks"]:
            if each.get("error_occurred"):
                raise BenchError(f"{program.name}: {each['name']}: {each.get('error_message')}")
            figures[each["name"].removesuffix("/process_time")] = each["cpu_time"] * IN_NS[each["time_unit"]]
    return figures
