#!/usr/bin/env python3
"""Kills a run of three steps wherever it writes, and looks at what is left.

The kill comes at the n-th write, rename, link, mkdir, fsync or fdatasync of a thread (strace --inject), for every n; and at random
moments. Afterwards no artifact is half written, no `latest` points to nothing, every finished step of the record has its artifacts
whole, and the next commands work.

    kill_points.py --swamp PATH      every tenth point and 20 moments; SWAMP_KILL_POINTS=all: all points and 200 moments"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

from repository import ENVIRONMENT, Repository

arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
options = arguments.parse_args()
swamp = str(pathlib.Path(options.swamp).resolve())
everything = os.environ.get("SWAMP_KILL_POINTS") == "all"
calls = ["write", "pwrite64", "rename", "renameat2", "link", "mkdir", "fsync", "fdatasync", "openat"]
RUN = ["workflow", "run", "three", "--json"]
# The steps write nothing themselves, so that only the program's own calls are counted.
workflow = """id: 3a1f6a3e-0f5e-4b3b-8f0e-6d1a1b2c3d4e
name: three
version: 1
jobs:
  - name: main
    steps:
      - name: a
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: ":"}}
      - name: b
        dependsOn: [{step: a, condition: {type: succeeded}}]
        task: {type: model_method, modelType: command/shell, modelName: named, methodName: execute, inputs: {run: ":"}}
      - name: c
        dependsOn: [{step: b, condition: {type: succeeded}}]
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: ":"}}
"""


def check_record(repository):
    """What is wrong with the record of the run, if there is one."""
    try:
        run = repository.json("workflow", "history", "get", "three")
    except AssertionError as problem:
        return [str(problem)] if repository.has_record() else []
    return repository.record_problems(run)


def look(repository, what):
    """Every problem that a kill left, and whether the next commands work."""
    problems = repository.data_problems() + check_record(repository)
    for words in (["run", "doctor", "--fix"], ["data", "query", "true"], ["workflow", "run", "three"]):
        try:
            repository.json(*words)
        except AssertionError as problem:
            problems.append(f"afterwards: {problem}")
    problems += repository.data_problems()
    shutil.rmtree(repository.folder, ignore_errors=True)
    return [f"{what}: {problem}" for problem in problems]


def kill_at(base, name, count):
    repository = Repository(swamp, base, {"three": workflow})
    subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={count}",
                    swamp, *RUN], cwd=repository.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    return look(repository, f"killed at {name} {count}")


def kill_after(base, seconds):
    repository = Repository(swamp, base, {"three": workflow})
    process = repository.start(*RUN, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.kill()
    process.wait()
    return look(repository, f"killed after {seconds * 1000:.1f} ms")


def most_calls(base):
    """How often the thread that does it most makes each call."""
    repository = Repository(swamp, base, {"three": workflow})
    trace = repository.folder / "trace"
    subprocess.run(["strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={','.join(calls)}", swamp, *RUN], cwd=repository.folder,
                   env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    counts = {}
    for line in trace.read_text(errors="replace").splitlines():
        found = re.match(r"(\d+) +(\w+)\(", line)
        if found:
            counts[found.groups()] = counts.get(found.groups(), 0) + 1
    return {name: max([n for (_, each), n in counts.items() if each == name], default=0) for name in calls}


if shutil.which("strace") is None:
    sys.exit("strace is missing: tools/install_packages.sh installs it")
with tempfile.TemporaryDirectory(prefix="swamp-kill-") as base:
    repository = Repository(swamp, base, {"three": workflow})
    began = time.monotonic()
    repository.call(*RUN)
    took = time.monotonic() - began
    draw = random.Random(20260101)
    points = [(name, n) for name, most in most_calls(base).items() for n in range(1, most + 1)]
    total = len(points)
    if not everything:
        points = [point for i, point in enumerate(points) if i % 10 == 0]
    moments = [draw.uniform(0, took * 1.2) for _ in range(200 if everything else 20)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        work = [pool.submit(kill_at, base, *point) for point in points] + [pool.submit(kill_after, base, m) for m in moments]
        problems = [problem for one in work for problem in one.result()]
print("\n".join(problems))
print(f"{len(points)} of {total} kill points and {len(moments)} moments: {len(problems)} problems")
sys.exit(1 if problems or not points else 0)
