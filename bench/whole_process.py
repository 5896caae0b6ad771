#!/usr/bin/env python3
"""Times the swamp binary as a whole process, beside other tools on the same work in the same run.

Every figure is the median over rounds, of alternating pairs (A B A B …) where two tools are compared; tmpfs and disk
side by side, a new folder per round. Targets are ratios or bounds; a missed one is marked, never hidden.

    bench/run.sh [--rounds N] [--only NAME] [--build FOLDER]
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import time

import scenes
from measure import Figures, Place, Tools, root, run

SIZES = (10, 100, 1000, 10_000)


class Bench:
    """One section a member function; each adds its figures."""

    def __init__(self, tools, rounds):
        self.tools = tools
        self.rounds = rounds
        self.figures = Figures()
        self.places = [Place("tmpfs", "/dev/shm"), Place("disk", os.environ.get("SWAMP_BENCH_DISK", "/var/tmp"))]

    def swamp(self, folder, *words, mark="", expect=0):
        return run(self.tools, [self.tools.swamp, *words], folder, mark, expect)

    def repository(self, place):
        return scenes.repository(self.tools, place)

    def timed(self, name, place, folder, words, target=None, memory=None):
        """A command that changes nothing, over and over. The first time is not counted: it brings indexes up to date,
        as any earlier command would have."""
        self.swamp(folder, *words)
        runs = [self.swamp(folder, *words) for _ in range(self.rounds * 2)]
        self.figures.add(name, place.name, [r.ms for r in runs], "ms", target)
        if memory:
            self.figures.add(f"{name}: memory", place.name, [r.peak_mb for r in runs], "MB", memory)

    def start_up(self):
        for place in self.places:
            folder = self.repository(place)
            scenes.write_definitions(folder, 1000)
            scenes.write_workflow(folder, "one", scenes.wide(scenes.SHELL, 1))
            self.timed("start: --version", place, folder, ["--version"], 10, 15)
            for words in (["workflow", "get", "one"], ["model", "search"], ["model", "type", "search"]):
                self.timed(f"start: {' '.join(words)}", place, folder, [*words, "--json"], 20, 15)

    def parallel(self, count=500):
        for place in self.places:
            ours, ninja, make = [], [], []
            for _ in range(self.rounds):
                folder = self.repository(place)
                scenes.write_workflow(folder, "wide", scenes.wide(scenes.SHELL, count))
                ours.append(self.swamp(folder, "workflow", "run", "wide", "--skip-reports"))
                other = place.fresh()
                scenes.write_ninja(other, count)
                ninja.append(run(self.tools, ["ninja", "-j", "128"], other))
                scenes.write_makefile(other, count)
                make.append(run(self.tools, ["make", "-j", "128", "-s"], other))
            name = f"{count} parallel shell steps"
            medians = [statistics.median(r.ms for r in runs) for runs in (ours, ninja, make)]
            self.figures.add(f"{name} / ninja", place.name, [a.ms / b.ms for a, b in zip(ours, ninja)], "x", 2.5,
                             "{:.0f} ms, ninja {:.0f} ms, make -j {:.0f} ms".format(*medians))
            self.figures.add(f"{name}: memory", place.name, [r.peak_mb for r in ours], "MB", 60)

    def sequential(self, count=100):
        """Also beside the bare command: below what starting it costs by itself nobody gets."""
        for place in self.places:
            ours, ninja, bare = [], [], []
            for _ in range(self.rounds * 2):
                folder = self.repository(place)
                scenes.write_workflow(folder, "deep", scenes.deep(scenes.SHELL, count))
                ours.append(self.swamp(folder, "workflow", "run", "deep", "--skip-reports").ms / count)
                bare.append(run(self.tools, [self.tools.in_turn, count, "sh", "-c", "true"], folder).ms / count)
                other = place.fresh()
                scenes.write_ninja(other, count, after=True)
                ninja.append(run(self.tools, ["ninja"], other).ms / count)
            name = f"{count} sequential shell steps"
            medians = [statistics.median(each) for each in (ninja, bare)]
            self.figures.add(f"{name}, each", place.name, ours, "ms", 3,
                             "ninja {:.2f} ms, bare {:.2f} ms".format(*medians))
            self.figures.add(f"{name}, what is added to each", place.name, [a - b for a, b in zip(ours, bare)], "ms")
            self.figures.add(f"{name} / bare", place.name, [a / b for a, b in zip(ours, bare)], "x")

    def counts(self, count=500):
        """System calls a step, told by strace: the same on every machine."""
        place = self.places[0]
        for reports, extra, creations in (("off", ["--skip-reports"], 8), ("on", [], 16)):
            folder = self.repository(place)
            scenes.write_workflow(folder, "wide", scenes.wide(scenes.SHELL, count))
            trace = folder / "trace"
            calls = "openat,open,creat,mkdir,mkdirat,fsync,fdatasync,syncfs"
            run(self.tools, ["strace", "-f", "-qq", "-e", f"trace={calls}", "-o", trace, self.tools.swamp, "workflow",
                             "run", "wide", *extra], folder)
            text = trace.read_text(errors="replace")
            syncs = r"(?:fsync|fdatasync|syncfs)"
            for what, pattern, target in (("file creations", r"O_CREAT[^\n]* = \d+$", creations),
                                          ("mkdir", r"\bmkdir(?:at)?\([^\n]* = 0$", 5),
                                          ("syncs", rf"\b{syncs}\(.* = 0$|<\.\.\. {syncs} resumed>", 0.2)):
                each = len(re.findall(pattern, text, re.M)) / count
                self.figures.add(f"{what} a step, reports {reports}", "count", [each], "", target)

    def asserts(self):
        """The slope is that of the medians: a single run of 10,000 takes half as long again on a busy machine."""
        for place in self.places:
            times = {count: [] for count in (100, 1000, 10_000)}
            for _ in range(self.rounds * 2):
                for count, runs in times.items():
                    folder = self.repository(place)
                    scenes.write_workflow(folder, "asserts", scenes.wide(scenes.ASSERT, count))
                    runs.append(self.swamp(folder, "workflow", "run", "asserts").ms)
            self.figures.add("10,000 assert steps", place.name, times[10_000], "ms", 1000)
            small, middle, large = (statistics.median(runs) for runs in times.values())
            slope = ((large - middle) / 9000) / ((middle - small) / 900)
            self.figures.add("assert steps: slope 1k..10k / slope 100..1k", place.name, [slope], "x", 1.2,
                             f"{small:.1f}, {middle:.1f}, {large:.0f} ms")

    def overhead(self):
        """What the engine adds to a step, in every shape, and the memory for it: steps that start nothing. On disk
        only what tells it from tmpfs."""
        shapes = {"assert, wide": (scenes.wide, None), "assert, one at a time": (scenes.wide, 1),
                  "assert, deep": (scenes.deep, None)}
        tmpfs, disk = self.places
        for place, sizes, shell_sizes in ((tmpfs, SIZES, SIZES[:3]), (disk, (10, 1000), (10, 100))):
            for shape, (order, concurrency) in shapes.items():
                for count in sizes:
                    runs = []
                    for _ in range(1 if count == SIZES[-1] else 3):
                        folder = self.repository(place)
                        scenes.write_workflow(folder, "steps", order(scenes.ASSERT, count), concurrency)
                        runs.append(self.swamp(folder, "workflow", "run", "steps", "--skip-reports"))
                    peak = statistics.median(r.peak_mb for r in runs)
                    self.figures.add(f"a step of {count} ({shape})", place.name, [r.ms / count for r in runs], "ms",
                                     note=f"{peak:.1f} MB")
            self.shell_steps(shell_sizes, place, 3)

    def many_shells(self):
        """The same of ten thousand shell steps: some minutes, so only when asked for."""
        self.shell_steps(SIZES[3:], self.places[0], 1)

    def shell_steps(self, sizes, place, rounds):
        """The same commands by swamp, `ninja` and `make -j`, side by side and one after the other."""
        for shape, order, after in (("shell, wide", scenes.wide, False), ("shell, deep", scenes.deep, True)):
            for count in sizes:
                ours, ninja, make = [], [], []
                for _ in range(1 if count >= 1000 else rounds):
                    folder = self.repository(place)
                    scenes.write_workflow(folder, "steps", order(scenes.SHELL, count))
                    ours.append(self.swamp(folder, "workflow", "run", "steps", "--skip-reports"))
                    other = place.fresh()
                    scenes.write_ninja(other, count, after)
                    ninja.append(run(self.tools, ["ninja", "-j", "128"], other).ms / count)
                    scenes.write_makefile(other, count, after)
                    make.append(run(self.tools, ["make", "-j", "128", "-s"], other).ms / count)
                note = "{:.1f} MB; ninja {:.2f} ms, make -j {:.2f} ms".format(
                    statistics.median(r.peak_mb for r in ours), statistics.median(ninja), statistics.median(make))
                self.figures.add(f"a step of {count} ({shape})", place.name, [r.ms / count for r in ours], "ms", note=note)

    def first_step(self):
        for place in self.places:
            for count in SIZES:
                folder = self.repository(place)
                scenes.write_workflow(folder, "steps", scenes.wide(scenes.ASSERT, count))
                runs = [self.swamp(folder, "workflow", "run", "steps", "--json", "--stream", mark="step_started")
                        for _ in range(self.rounds)]
                self.figures.add(f"time to the first of {count} steps", place.name, [r.first_ms for r in runs], "ms")

    def long_runs(self, count=10_000):
        """Commands around a run of many steps."""
        for place in self.places:
            folder = self.repository(place)
            steps = [*scenes.step("gate", scenes.GATE), *scenes.wide(scenes.ASSERT, count),
                     *scenes.step("last", scenes.ASSERT, "gate")]
            scenes.write_workflow(folder, "long", steps)
            self.timed(f"workflow validate, {count} steps", place, folder, ["workflow", "validate", "long", "--json"])
            resumed = []
            for _ in range(3):
                self.swamp(folder, "workflow", "run", "long")
                self.swamp(folder, "workflow", "approve", "long", "gate")
                resumed.append(self.swamp(folder, "workflow", "resume", "long").ms)
            self.figures.add(f"workflow resume, {count} steps done", place.name, resumed, "ms")
            self.timed(f"workflow history get, {count} steps", place, folder, ["workflow", "history", "get", "long", "--json"])

    def queries(self):
        predicates = {"metadata": 'tags.team == "rare"', "attributes": 'attributes.status == "rare"'}
        for place in self.places:
            for count, target in ((10_000, 30), (100_000, 300)):
                folder = self.repository(place)
                run(self.tools, [self.tools.fill_data, folder, count], folder)
                first = self.swamp(folder, "data", "query", predicates["metadata"], "--json")
                self.figures.add(f"first data query after {count} writes", place.name, [first.ms], "ms")
                for kind, predicate in predicates.items():
                    self.timed(f"data query, {count} artifacts, {kind}", place, folder,
                               ["data", "query", predicate, "--json"], target)
                self.timed(f"data list, {count // 10} of {count} artifacts", place, folder,
                           ["data", "list", "model-3", "--json"])

    def histories(self, count=1000):
        for place in self.places:
            folder = self.repository(place)
            scenes.write_workflow(folder, "one", scenes.wide(scenes.SHELL, 1))
            self.swamp(folder, "workflow", "run", "one")
            scenes.copy_runs(folder, count)
            self.timed(f"workflow history, {count} runs", place, folder, ["workflow", "history", "one", "--json"])
            self.timed(f"workflow run of one step, {count} runs on record", place, folder, ["workflow", "run", "one"])

    def cel(self):
        told = subprocess.run([self.tools.folder / "cel_bench", "--benchmark_filter=compile|evaluate",
                               "--benchmark_format=json"], capture_output=True, check=True, text=True)
        for one in json.loads(told.stdout)["benchmarks"]:
            self.figures.add(f"cel: {one['name']}", "-", [one["cpu_time"]], one["time_unit"], note=one.get("label", ""))


def main():
    sections = {"start-up": Bench.start_up, "parallel": Bench.parallel, "sequential": Bench.sequential,
                "counts": Bench.counts, "asserts": Bench.asserts, "overhead": Bench.overhead,
                "first-step": Bench.first_step, "long-runs": Bench.long_runs, "queries": Bench.queries,
                "histories": Bench.histories, "cel": Bench.cel}
    asked_for = {"many-shells": Bench.many_shells}
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--only", choices=[*sections, *asked_for])
    arguments.add_argument("--build", type=pathlib.Path, default=root / "build/release")
    options = arguments.parse_args()
    chosen = {options.only: (sections | asked_for)[options.only]} if options.only else sections
    bench = Bench(Tools(options.build.resolve()), options.rounds)
    try:
        for name, section in chosen.items():
            began = time.monotonic()
            section(bench)
            print(f"-- {name}: {time.monotonic() - began:.0f} s", flush=True)
    finally:
        bench.figures.save(root / "build/bench.json")
        for removal in [place.remove() for place in bench.places]:
            removal.wait()
    print(f"\n{bench.figures.summary()}; all figures are in build/bench.json")


if __name__ == "__main__":
    main()
