#!/usr/bin/env python3
"""Times the swamp binary as a whole process, beside other tools on the same work in the same run.

Every figure is the median over rounds of alternating pairs (A B A B …); a new folder per round, and nothing is deleted
before the very end, since ext4 is many times slower for a minute after bulk deletes. Reported on tmpfs and on disk side
by side. Targets are ratios or absolute bounds; a missed one is marked, never hidden.

    bench/run.sh [--rounds N] [--only NAME] [--swamp PATH]
"""
import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

root = pathlib.Path(__file__).resolve().parent.parent
arguments = argparse.ArgumentParser()
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--only", default="")
arguments.add_argument("--swamp", default=str(root / "build/release/swamp"))
options = arguments.parse_args()
environment = {**os.environ, "SWAMP_NO_TELEMETRY": "1", "NO_COLOR": "1"}
results = []


def run(argv, cwd, expect=0):
    """Wall seconds and peak memory (MB, of the process itself) of one command."""
    begin = time.monotonic()
    process = subprocess.Popen(argv, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - begin
    if process.returncode != expect:
        sys.exit(f"{' '.join(argv)} ended with {process.returncode}:\n{errors.decode(errors='replace')[-2000:]}")
    return seconds, usage.ru_maxrss / 1024


def median(values):
    return statistics.median(values)


def spread(values):
    return f"{min(values):.4g}..{max(values):.4g}"


def report(name, place, figure, target, unit, values, note=""):
    """`figure` is held against `target`; a target of None is only told."""
    met = target is None or figure <= target
    results.append({"name": name, "place": place, "median": figure, "unit": unit, "target": target, "met": met,
                    "values": values, "note": note})
    shown = "" if target is None else f"<= {target:g}"
    mark = "" if met else "  MISSED"
    print(f"{name:<44} {place:<6} {figure:>10.4g} {unit:<5} {shown:>9}  {spread(values):<18} {note}{mark}", flush=True)


class Place:
    """Where rounds make their folders."""

    def __init__(self, name, base):
        self.name = name
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="swamp-bench-", dir=base))
        self.count = 0

    def fresh(self):
        self.count += 1
        path = self.folder / str(self.count)
        path.mkdir()
        return path


places = [Place("tmpfs", "/dev/shm"), Place("disk", os.environ.get("SWAMP_BENCH_DISK", "/var/tmp"))]


def repository(place):
    folder = place.fresh()
    run([options.swamp, "init", "--tool", "none"], folder)
    return folder


def workflow(folder, name, jobs):
    lines = [f"id: {uuid.uuid4()}", f"name: {name}", "version: 1", "jobs:"]
    for job, steps in jobs:
        lines += [f"  - name: {job}", "    steps:"]
        lines += steps
    (folder / f"workflows/workflow-{name}.yaml").write_text("\n".join(lines) + "\n")


def shell_step(name, command, after=None):
    depends = f"\n        dependsOn: [{{step: {after}, condition: {{type: succeeded}}}}]" if after else ""
    return (f"      - name: {name}{depends}\n        task: {{type: model_method, modelType: command/shell, "
            f"methodName: execute, inputs: {{run: '{command}'}}}}")


def assert_step(name):
    return f"      - name: {name}\n        task: {{type: assert, expr: 1 + 1 == 2, message: sums work}}"


def definitions(folder, count):
    target = folder / "models/command/shell"
    target.mkdir(parents=True)
    for i in range(count):
        (target / f"model-{i}.yaml").write_text(
            f"type: command/shell\ntypeVersion: 2026.02.09.1\nid: {uuid.uuid4()}\nname: model-{i}\nversion: 1\ntags: {{}}\n"
            f"globalArguments: {{}}\nmethods:\n  execute:\n    arguments:\n      run: echo {i}\n")


def start_up():
    for place in places:
        folder = repository(place)
        definitions(folder, 1000)
        workflow(folder, "one", [("main", [shell_step("a", "true")])])
        commands = {"--version": (["--version"], 0.010), "workflow get": (["workflow", "get", "one", "--json"], 0.020),
                    "model search": (["model", "search", "--json"], 0.020),
                    "model type search": (["model", "type", "search", "--json"], 0.020)}
        for name, (words, target) in commands.items():
            run([options.swamp, *words], folder)  # fills the index, as any earlier command would have
            runs = [run([options.swamp, *words], folder) for _ in range(options.rounds * 4)]
            report(f"start-up: {name}", place.name, median([s for s, _ in runs]) * 1000, target * 1000, "ms",
                   [s * 1000 for s, _ in runs])
            report(f"memory: {name}", place.name, median([m for _, m in runs]), 15, "MB", [m for _, m in runs])


def parallel_steps(count=500):
    for place in places:
        ours, theirs, makes, memory = [], [], [], []
        for _ in range(options.rounds):
            folder = repository(place)
            workflow(folder, "wide", [("main", [shell_step(f"s{i}", "true") for i in range(count)])])
            seconds, peak = run([options.swamp, "workflow", "run", "wide", "--skip-reports"], folder)
            ours.append(seconds)
            memory.append(peak)
            other = place.fresh()
            rules = ["rule sh", "  command = sh -c true"] + [f"build s{i}: sh" for i in range(count)]
            (other / "build.ninja").write_text("\n".join(rules) + "\n")
            theirs.append(run(["ninja", "-j", "128"], other)[0])
            (other / "Makefile").write_text("all: " + " ".join(f"s{i}" for i in range(count)) + "\ns%:\n\t@sh -c true\n")
            makes.append(run(["make", "-j", "128", "-s"], other)[0])
        ratios = [a / b for a, b in zip(ours, theirs)]
        report(f"{count} parallel shell steps / ninja", place.name, median(ratios), 2.5, "x", ratios,
               f"{median(ours):.3f} s, ninja {median(theirs):.3f} s, make -j {median(makes):.3f} s")
        report(f"{count} parallel shell steps: memory", place.name, median(memory), 60, "MB", memory)


def counts(count=500):
    """System calls per step, told by strace: the same on every machine."""
    place = places[0]
    for name, extra, limit in [("reports off", ["--skip-reports"], 8), ("reports on", [], 16)]:
        folder = repository(place)
        workflow(folder, "wide", [("main", [shell_step(f"s{i}", "true") for i in range(count)])])
        trace = folder / "trace"
        run(["strace", "-f", "-qq", "-e", "trace=openat,open,creat,mkdir,mkdirat,fsync,fdatasync,syncfs", "-o", str(trace),
             options.swamp, "workflow", "run", "wide", *extra], folder)
        text = trace.read_text(errors="replace")
        created = len(re.findall(r"O_CREAT[^\n]* = \d+$", text, re.M))
        folders = len(re.findall(r"\bmkdir(?:at)?\([^\n]* = 0$", text, re.M))
        syncs = len(re.findall(r"\b(?:fsync|fdatasync|syncfs)\([^\n]* = 0", text)) + len(
            re.findall(r"<\.\.\. (?:fsync|fdatasync|syncfs) resumed>", text))
        report(f"file creations a step, {name}", "count", created / count, limit, "", [created / count])
        if extra:
            report(f"mkdir a step, {name}", "count", folders / count, 5, "", [folders / count])
            report(f"syncs a step, {name}", "count", syncs / count, 0.2, "", [syncs / count])


def sequential_steps(count=100):
    for place in places:
        each = []
        for _ in range(options.rounds):
            folder = repository(place)
            steps = [shell_step(f"s{i}", "true", f"s{i - 1}" if i else None) for i in range(count)]
            workflow(folder, "deep", [("main", steps)])
            each.append(run([options.swamp, "workflow", "run", "deep", "--skip-reports"], folder)[0] / count * 1000)
        report(f"{count} sequential shell steps, each", place.name, median(each), 3, "ms", each)


def assert_steps():
    for place in places:
        times = {}
        for count in (100, 1000, 10_000):
            times[count] = []
            for _ in range(options.rounds):
                folder = repository(place)
                workflow(folder, "asserts", [("main", [assert_step(f"a{i}") for i in range(count)])])
                times[count].append(run([options.swamp, "workflow", "run", "asserts"], folder)[0])
        report("10,000 assert steps", place.name, median(times[10_000]), 1, "s", times[10_000])
        small = (median(times[1000]) - median(times[100])) / 900
        large = (median(times[10_000]) - median(times[1000])) / 9000
        report("assert steps: slope 1k..10k / slope 100..1k", place.name, large / small, 1.2, "x", [large / small])


sections = {"start-up": start_up, "parallel": parallel_steps, "counts": counts, "sequential": sequential_steps,
            "asserts": assert_steps}
print(f"{'what':<44} {'where':<6} {'median':>10} {'unit':<5} {'target':>9}  {'spread':<18} note")
try:
    for name, section in sections.items():
        if options.only in ("", name):
            section()
finally:
    (root / "build").mkdir(exist_ok=True)
    (root / "build/bench.json").write_text(json.dumps(results, indent=2) + "\n")
    for place in places:
        shutil.rmtree(place.folder, ignore_errors=True)
missed = [r for r in results if not r["met"]]
print(f"\n{len(results) - len(missed)} of {len(results)} within their targets; figures in build/bench.json")
