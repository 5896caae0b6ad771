#!/usr/bin/env python3
"""Kills a run of three steps wherever it writes, and looks at what is left.

The kill comes at the n-th write, rename, link, mkdir, fsync or fdatasync of a thread (strace --inject), for every n; and at random
moments. Afterwards no artifact is half written, no `latest` points to nothing, every finished step of the record has its artifacts
whole, and the next commands work.

    kill_points.py --swamp PATH      every tenth point and 20 moments; SWAMP_KILL_POINTS=all: all points and 200 moments"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
options = arguments.parse_args()
swamp = str(pathlib.Path(options.swamp).resolve())
everything = os.environ.get("SWAMP_KILL_POINTS") == "all"
calls = ["write", "pwrite64", "rename", "renameat2", "link", "mkdir", "fsync", "fdatasync", "openat"]
environment = {k: v for k, v in os.environ.items() if k != "SWAMP_REPO_DIR"} | {"NO_COLOR": "1"}
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


def call(words, folder, **more):
    return subprocess.run([swamp, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, **more)


def new_repository(base):
    folder = pathlib.Path(tempfile.mkdtemp(dir=base))
    assert call(["init", "--tool", "none"], folder).returncode == 0
    (folder / "workflows/workflow-three.yaml").write_text(workflow)
    return folder


def field(text, name):
    found = re.search(rf"^{name}: '?([^'\n]+)'?$", text, re.M)
    return found.group(1) if found else None


def check_data(folder):
    """What is wrong with the files below .swamp/data."""
    problems = []
    for metadata in (folder / ".swamp/data").rglob("metadata.yaml"):
        text = metadata.read_text()
        raw = metadata.parent / "raw"
        if not raw.exists():
            problems.append(f"{metadata.parent}: metadata without content")
            continue
        content = raw.read_bytes()
        if field(text, "size") != str(len(content)):
            problems.append(f"{metadata.parent}: {len(content)} bytes, metadata says {field(text, 'size')}")
        if field(text, "checksum") != hashlib.sha256(content).hexdigest():
            problems.append(f"{metadata.parent}: checksum differs")
    for latest in (folder / ".swamp/data").rglob("latest"):
        if latest.is_file() and not (latest.parent / latest.read_text() / "metadata.yaml").exists():
            problems.append(f"{latest} points to '{latest.read_text()}', which is not there")
    return problems


def check_record(folder):
    """What is wrong with the record of the run, if there is one."""
    got = call(["workflow", "history", "get", "three", "--json"], folder)
    if got.returncode != 0:
        has_record = any((folder / ".swamp").rglob("workflow-run-*.yaml"))
        return [f"history get: {got.stderr}"] if has_record else []
    run = json.loads(got.stdout)
    problems = []
    names = {(p.parent.parent.name, int(p.parent.name)) for p in (folder / ".swamp/data").rglob("metadata.yaml")}
    for job in run["jobs"]:
        for step in job["steps"]:
            for artifact in step.get("dataArtifacts", []):
                if (artifact["name"], artifact["version"]) not in names:
                    problems.append(f"step {step['name']} lists {artifact['name']} v{artifact['version']}, which is gone")
    return problems


def look(folder, what):
    """Every problem that a kill left, and whether the next commands work."""
    problems = check_data(folder) + check_record(folder)
    for words in (["run", "doctor", "--fix", "--json"], ["data", "query", "true", "--json"], ["workflow", "run", "three", "--json"]):
        done = call(words, folder)
        if done.returncode != 0:
            problems.append(f"'swamp {' '.join(words)}' afterwards: {done.returncode} {done.stderr.strip() or done.stdout[-500:]}")
    problems += check_data(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return [f"{what}: {problem}" for problem in problems]


def kill_at(base, name, count):
    folder = new_repository(base)
    subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={count}",
                    swamp, "workflow", "run", "three", "--json"], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                   capture_output=True, timeout=60)
    return look(folder, f"killed at {name} {count}")


def kill_after(base, seconds):
    folder = new_repository(base)
    process = subprocess.Popen([swamp, "workflow", "run", "three", "--json"], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return look(folder, f"killed after {seconds * 1000:.1f} ms")


def most_calls(base):
    """How often the thread that does it most makes each call."""
    folder = new_repository(base)
    trace = folder / "trace"
    subprocess.run(["strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={','.join(calls)}", swamp, "workflow", "run", "three",
                    "--json"], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    counts = {}
    for line in trace.read_text(errors="replace").splitlines():
        found = re.match(r"(\d+) +(\w+)\(", line)
        if found:
            counts[found.groups()] = counts.get(found.groups(), 0) + 1
    return {name: max([n for (_, each), n in counts.items() if each == name], default=0) for name in calls}


if shutil.which("strace") is None:
    sys.exit("strace is missing: tools/install_packages.sh installs it")
with tempfile.TemporaryDirectory(prefix="swamp-kill-") as base:
    began = time.monotonic()
    call(["workflow", "run", "three"], new_repository(base))
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
