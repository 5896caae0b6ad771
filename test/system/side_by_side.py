#!/usr/bin/env python3
"""Work side by side does not wait for what it does not need: two runs of one workflow at once, many steps on one model.

    side_by_side.py --swamp PATH     that both runs are right; SWAMP_LOAD=all: and hardly slower than one alone"""
import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

from repository import Repository, steps_of

arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
options = arguments.parse_args()
swamp = str(pathlib.Path(options.swamp).resolve())

MEASURES = os.environ.get("SWAMP_LOAD") == "all"
STEPS = 10
SLEEP = 0.5 if MEASURES else 0.02
MOST = 1.2  # times a run alone


def shell(name, run, after=None):
    needs = f"\n        dependsOn: [{{step: {after}, condition: {{type: succeeded}}}}]" if after else ""
    return f"""      - name: {name}{needs}
        task: {{type: model_method, modelIdOrName: box, methodName: execute, inputs: {{run: "{run}"}}}}
"""


SERIAL = """id: 7c0e4b52-4a52-4e36-9be4-0a6f6f0f7e11
name: serial
jobs:
  - name: main
    steps:
""" + "".join(shell(f"s{i}", f"sleep {SLEEP}; echo {i}", f"s{i - 1}" if i else None) for i in range(STEPS))

FANNED = """id: 7c0e4b52-4a52-4e36-9be4-0a6f6f0f7e12
name: fanned
jobs:
  - name: main
    steps:
      - name: nothing
        forEach: {item: n, in: "${{ [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] }}"}
        task: {type: model_method, modelIdOrName: box, methodName: execute, inputs: {run: ":"}}
"""


def run_at_once(repository, count):
    """The documents of that many runs of `serial` started together, and the seconds until the last has ended."""
    began = time.monotonic()
    processes = [repository.start("workflow", "run", "serial", "--json") for _ in range(count)]
    documents = [json.loads(process.communicate()[0]) for process in processes]
    return documents, time.monotonic() - began


def serial_problems(repository, documents):
    """Each run has its own results, in order, whatever the other did meanwhile."""
    problems = []
    for document in documents:
        listed = [(step["name"], step["status"], artifact["name"], artifact["version"])
                  for step in steps_of(document) for artifact in step["dataArtifacts"] if artifact["name"] == "result"]
        if [(name, status) for name, status, *_ in listed] != [(f"main/s{i}", "succeeded") for i in range(STEPS)]:
            problems.append(f"run {document['id']} is not that of {STEPS} steps that succeeded: {listed}")
            continue
        for i, (*_, name, version) in enumerate(listed):
            output = repository.json("data", "get", "box", name, "--version", str(version))["content"]["stdout"]
            if output != str(i):
                problems.append(f"run {document['id']}: step s{i} lists a result that says {output}")
    versions = [artifact["version"] for document in documents for step in steps_of(document)
                for artifact in step["dataArtifacts"] if artifact["name"] == "result"]
    if len(set(versions)) != len(versions):
        problems.append(f"a version was given twice: {sorted(versions)}")
    return problems + repository.data_problems()


def check_two_runs(repository):
    _, alone = run_at_once(repository, 1)
    documents, together = run_at_once(repository, 2)
    problems = serial_problems(repository, documents)
    if MEASURES:
        print(f"{STEPS} steps of {SLEEP} s in a row: {alone:.2f} s alone, {together:.2f} s beside another run, "
              f"{together / alone:.2f} times")
        if together > MOST * alone:
            problems.append(f"two runs at once took {together / alone:.2f} times as long as one")
    return problems


def check_one_model(repository):
    """Nothing that takes no time has to wait for a lock."""
    done = repository.call("workflow", "run", "fanned", "--json", "--stream")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    waits = [event for event in events if event.get("event", {}).get("type") == "lock_wait"]
    ended = [event["stepId"] for event in events if event.get("kind") == "step_completed"]
    problems = [f"a step waited for a lock: {event}" for event in waits]
    if done.returncode != 0 or sorted(ended) != sorted(f"nothing-{n}" for n in range(16)):
        problems.append(f"of 16 iterations on one model these succeeded: {ended} {done.stderr}")
    return problems


with tempfile.TemporaryDirectory(prefix="swamp-side-") as base:
    repository = Repository(swamp, base, {"serial": SERIAL, "fanned": FANNED})
    repository.json("model", "create", "command/shell", "box")
    problems = check_two_runs(repository) + check_one_model(repository)
print("\n".join(problems))
sys.exit(1 if problems else 0)
