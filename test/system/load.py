#!/usr/bin/env python3
"""Many steps at once, all talking: no line is lost, cut or mixed with another, and memory stays bounded.

    load.py --swamp PATH     180 steps; SWAMP_LOAD=all: 1,000 at the machine's limit and at 1,000 at once, and 5,000"""
import argparse
import collections
import json
import os
import pathlib
import sys
import tempfile
import time

from repository import Repository

arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
options = arguments.parse_args()
swamp = str(pathlib.Path(options.swamp).resolve())

LINES = 30
# Each step prints short and long lines to both streams, in pieces, so that a reader gets them cut anywhere.
SCRIPT = f"""i=0
while [ $i -lt {LINES} ]; do
  printf '%s' "${{{{ self.n }}}}:$i:"; echo "{'x' * 300}:end"
  i=$((i + 1))
done
echo "${{{{ self.n }}}}:error:end" >&2"""


def workflow(steps):
    return f"""id: 7c0e4b52-4a52-4e36-9be4-0a6f6f0f7e01
name: talk
version: 1
jobs:
  - name: main
    steps:
      - name: "s-${{{{ self.n }}}}"
        forEach: {{item: n, in: "${{{{ {json.dumps([f'{n:04}' for n in range(steps)]).replace('"', "'")} }}}}"}}
        task: {{type: model_method, modelType: command/shell, methodName: execute, inputs: {{run: {json.dumps(SCRIPT)}}}}}
"""


def expected(step):
    return [f"{step}:{i}:{'x' * 300}:end" for i in range(LINES)]


def run(base, steps, at_once, words):
    """Exit code, lines of standard output and error, most memory in MiB, seconds."""
    repository = Repository(swamp, base, {"talk": workflow(steps)})
    env = {"SWAMP_MAX_CONCURRENT_STEPS": str(at_once)} if at_once else {}
    out, err = repository.folder / "out", repository.folder / "err"
    began = time.monotonic()
    with out.open("wb") as to_out, err.open("wb") as to_err:
        process = repository.start("workflow", "run", "talk", *words, env=env, stdout=to_out, stderr=to_err, text=False)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return repository, process.returncode, out.read_text(), err.read_text(), usage.ru_maxrss / 1024, time.monotonic() - began


def check_stream(text, steps):
    """What the events of a stream tell of each step."""
    lines, problems, run_document = collections.defaultdict(list), [], None
    for line in text.splitlines():
        event = json.loads(line)
        if event.get("kind") == "method_output":
            lines[event["stepId"], event["stream"]].append(event["line"])
        if "kind" not in event:
            run_document = event
    for n in range(steps):
        step = f"{n:04}"
        if lines[f"s-{step}", "stdout"] != expected(step) or lines[f"s-{step}", "stderr"] != [f"{step}:error:end"]:
            problems.append(f"step {step} told {len(lines[f's-{step}', 'stdout'])} lines, and not those that it printed")
    if not run_document or run_document["status"] != "succeeded" or len(run_document["jobs"][0]["steps"]) != steps:
        problems.append("the run document is not that of a run of all steps")
    return problems


def check_text(text, steps):
    """What people see: whole lines, each once."""
    seen = collections.Counter()
    problems = []
    for line in text.splitlines():
        for part in line.split():
            if part.endswith(":end"):
                seen[part] += 1
        if ":end" in line and not line.endswith(":end"):
            problems.append(f"a mixed line: {line[:100]}")
    wanted = {line for n in range(steps) for line in expected(f"{n:04}") + [f"{n:04}:error:end"]}
    if lost := wanted - seen.keys():
        problems.append(f"{len(lost)} lines are lost, such as {sorted(lost)[0][:40]}")
    if strange := [line for line, count in seen.items() if count != 1 or line not in wanted]:
        problems.append(f"{len(strange)} lines are not as they were printed, such as {strange[0][:100]}")
    return problems


def check_data(repository, steps):
    """What is stored of each step."""
    stored = repository.json("data", "query", "specName == 'result' && isLatest", "--limit", str(2 * steps))["results"]
    outputs = sorted(row["content"]["stdout"] for row in stored)
    wanted = sorted("\n".join(expected(f"{n:04}")) + "\n" for n in range(steps))
    return [] if [o.rstrip("\n") for o in outputs] == [w.rstrip("\n") for w in wanted] else [
        f"{len(outputs)} results are stored, and not those of {steps} steps"]


def measure(base, steps, at_once, most_memory):
    repository, code, out, err, memory, seconds = run(base, steps, at_once, ["--json", "--stream"])
    problems = check_stream(out, steps) + check_data(repository, steps)
    if code != 0:
        problems.append(f"exit code {code}: {err[-500:]}")
    if memory > most_memory:
        problems.append(f"{memory:.0f} MiB of memory, more than {most_memory}")
    what = f"{steps} steps, {at_once or 'as many as the machine bears'} at once"
    print(f"{what}: {seconds:.1f} s, {memory:.0f} MiB")
    return [f"{what}: {problem}" for problem in problems]


with tempfile.TemporaryDirectory(prefix="swamp-load-") as base:
    if os.environ.get("SWAMP_LOAD") == "all":
        problems = measure(base, 1000, None, 200) + measure(base, 1000, 1000, 200) + measure(base, 5000, None, 400)
        steps = 1000
    else:
        problems = measure(base, 120, 120, 150)
        steps = 60
    repository, code, out, err, _, _ = run(base, steps, None, [])
    problems += check_text(out + err, steps)
print("\n".join(problems))
sys.exit(1 if problems else 0)
