#!/usr/bin/env python3
"""Kills a run of some fifty steps anywhere, resumes it, kills that too, and looks at what is left.

At every kill the record can be read and is a run document (docs/schemas/run.schema.json), and what was told as done is on record
as done. When the run has ended in the end: each step has succeeded once, with the artifacts of a run that nobody killed; steps
that were done at a kill were not done again; every artifact is whole, no `latest` dangles, no process of the run is alive.

    kill_resume.py --swamp PATH --checker PATH     30 kills, the same each time; SWAMP_KILL_POINTS=all: 1,000"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import sys
import tempfile
import time

from repository import Repository, kill, marked_processes, schema_problems, steps_of

arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
arguments.add_argument("--checker", required=True, help="the program schema_check")
arguments.add_argument("--points", type=int, help="how many kills")
arguments.add_argument("--seed", type=int, default=20261128)
arguments.add_argument("--only", type=int, help="one scenario, told in full")
options = arguments.parse_args()
swamp = str(pathlib.Path(options.swamp).resolve())
schema = pathlib.Path(__file__).parents[2] / "docs/schemas/run.schema.json"
points = options.points or (1000 if os.environ.get("SWAMP_KILL_POINTS") == "all" else 30)


def shell(name, script, after="", more="", task=""):
    """A step whose last deed is a line in the file `effects`."""
    needs = f"\n        dependsOn: [{{step: '{after}', condition: {{type: succeeded}}}}]" if after else ""
    script = json.dumps(f"{script}; echo {name.replace('${{ self.n }}', '$N')} >>effects")
    return f"""
      - name: "{name}"{needs}{more}
        task: {{type: model_method, modelType: command/shell, methodName: execute{task}, inputs: {{run: {script}}}}}"""


def chain(prefix, count, script, **more):
    names = [f"{prefix}{i}" for i in range(count)]
    return "".join(shell(name, script.replace("NAME", name), after=names[i - 1] if i else "", **more)
                   for i, name in enumerate(names))


# A child that leaves its group and would go on for ever: a step that ends by itself ends it, one that is killed leaves it.
SPAWN = "setsid sleep 987 >/dev/null 2>&1 & child=$!; sleep 0.02; kill $child"
STEPS = {
    "CHAIN": chain("c", 6, "echo NAME") + shell("large", "head -c 100000 /dev/zero | tr '\\0' x", after="c5"),
    "BRIEF": shell("brief", "echo 42", more="""
        dataOutputOverrides: [{specName: result, lifetime: ephemeral}]"""),
    "ITEMS": shell("item-${{ self.n }}", "N=${{ self.n }}; echo item $N", after="brief", more="""
        forEach: {item: n, in: "${{ [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }}"}"""),
    "READS": shell("reads", "test ${{ data.step('brief')[0].attributes.stdout }} = 42", after="gathered"),
    "FLAKY": chain("f", 3, "test -e NAME || { touch NAME; exit 1; }", more="""
        retry: {attempts: 3, delay: 0}"""),
    "NAMED": chain("n", 5, "echo NAME", task=", modelName: keeper"),
    "SPAWNING": chain("s", 4, SPAWN),
    "CHILD": chain("k", 5, "echo NAME ${{ inputs.who }}") + shell("spawn", SPAWN, after="k4"),
}
WORKFLOWS = {
    "soak": """id: 5a0e4b52-4a52-4e36-9be4-0a6f6f0f7e01
name: soak
version: 1
jobs:
  - name: chain
    steps:CHAIN
  - name: fan
    steps:BRIEFITEMS
      - name: gathered
        dependsOn: [{step: "item-${{ self.n }}", condition: {type: succeeded}}]
        task: {type: assert, expr: "size(data.step('item-${{ self.n }}')) == 20", message: every iteration wrote}READS
  - name: flaky
    steps:FLAKY
  - name: named
    steps:NAMED
  - name: nested
    steps:
      - name: left
        task: {type: workflow, workflowIdOrName: child, inputs: {who: left}}
      - name: right
        task: {type: workflow, workflowIdOrName: child, inputs: {who: right}}
  - name: spawning
    steps:SPAWNING
  - name: mended
    steps:
      - name: breaks
        allowFailure: true
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: "false"}}
      - name: mends
        dependsOn: [{step: breaks, condition: {type: failed}}]
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: "echo mends >>effects"}}
""",
    "child": """id: 5a0e4b52-4a52-4e36-9be4-0a6f6f0f7e02
name: child
version: 1
inputs: {who: {type: string}}
jobs:
  - name: main
    steps:CHILD
""",
}
for name, steps in STEPS.items():
    WORKFLOWS = {workflow: text.replace(name, steps) for workflow, text in WORKFLOWS.items()}
WORKFLOWS["child"] = WORKFLOWS["child"].replace(" >>effects", " ${{ inputs.who }} >>effects")


class Told:
    """What the event stream of one process said before it ended."""

    def __init__(self):
        self.runs = {}     # parents -> run id
        self.done = set()  # (run id, job/step)
        self.count = 0

    def hear(self, line):
        event = json.loads(line)
        self.count += 1
        parents = tuple(event.get("parents", []))
        if event.get("kind") == "started":
            self.runs[parents] = event["runId"]
        if event.get("kind") == "step_completed":
            self.done.add((self.runs[parents], f"{event['jobId']}/{event['stepId']}"))


def run_until(repository, words, count, pause):
    """Runs swamp, kills it a moment after its event number `count`; also says whether it had ended by itself."""
    told = Told()
    with repository.start(*words, "--json", "--stream") as process:
        for line in process.stdout:
            if not line.endswith("\n"):
                break
            told.hear(line)
            if told.count == count:
                time.sleep(pause)
                process.kill()
        process.kill()
        problem = process.stderr.read()
    return told, process.returncode, problem


def effects(repository):
    path = repository.folder / "effects"
    return collections.Counter(path.read_text().splitlines() if path.exists() else [])


def summary(run):
    return {step["name"]: (step["status"], sorted(a["name"] for a in step.get("dataArtifacts", []))) for step in steps_of(run)}


def runs_of(repository, workflow):
    found = repository.json("workflow", "run", "search", "--workflow", workflow)["results"]
    return [repository.json("workflow", "history", "get", run["runId"]) for run in found]


class Scenario:
    def __init__(self, base, number, reference):
        self.number = number
        self.draw = random.Random(options.seed * 1000 + number)
        self.reference = reference
        self.repository = Repository(swamp, base, WORKFLOWS)
        self.problems = []
        self.documents = []
        self.kills = 0
        self.runs = {}  # every run id that was told, by the steps around it
        self.status = {}  # of these, when they were last looked at

    def say(self, problem):
        self.problems.append(f"scenario {self.number}, after {self.kills} kills: {problem}")

    def history(self, run_id):
        run = self.repository.json("workflow", "history", "get", run_id)
        self.documents.append((f"scenario {self.number}, after {self.kills} kills", run))
        return run

    def look(self, told, before):
        """The records at a kill, or at the end; gives the steps that are done by then. `before`: those done at the last kill."""
        done = {}
        for run_id in set(self.runs.values()):
            run = self.history(run_id)
            self.status[run_id] = run["status"]
            for step in steps_of(run):
                if step["status"] == "succeeded":
                    done[run_id, step["name"]] = step
            self.problems += [f"scenario {self.number}: {p}" for p in self.repository.record_problems(run)]
        for one in told.done - done.keys():
            self.say(f"step {one} was told as done and is not on record as such")
        for one, step in before.items():
            if done.get(one) != step:
                self.say(f"step {one} was done as {step} and is now {done.get(one)}")
        return done

    def play(self):
        words = ["workflow", "run", "soak"]
        done, counted = {}, collections.Counter()
        for _ in range(20):
            wanted = 1 + self.draw.randrange(self.reference["events"] // (1 if self.kills == 0 else 3))
            if self.kills > 0 and self.draw.random() < 0.15 or self.kills == 8:
                wanted = 0  # this one may end
            told, code, problem = run_until(self.repository, words, wanted, self.draw.uniform(0, 0.004))
            self.runs |= told.runs
            if not self.runs:
                continue
            self.kills += code == -9
            now = self.look(told, done)
            if code != -9:
                if code != 0:
                    self.say(f"'swamp {' '.join(words)}': {code} {problem.strip()}")
                break
            done = now
            counted = effects(self.repository)
            words = ["workflow", "resume", "soak"]
            if self.status[self.runs[()]] == "succeeded":
                break
        self.check_end(done, counted)
        return self

    def check_end(self, done, counted):
        repository = self.repository
        runs = [self.history(run_id) for run_id in [self.runs[()]]] + runs_of(repository, "child")
        self.documents += [(f"scenario {self.number}, at the end", run) for run in runs]
        seen = sorted(json.dumps(summary(run), sort_keys=True) for run in runs)
        if seen != self.reference["runs"] or any(run["status"] != "succeeded" for run in runs):
            self.say(f"ended as {[(r['workflowName'], r['status']) for r in runs]}: {seen} instead of {self.reference['runs']}")
        again = effects(repository)
        for name, count in again.items():
            if count < 1:
                self.say(f"{name} was not done")
        if again.keys() != self.reference["effects"]:
            self.say(f"done: {sorted(again)}")
        for run in runs:
            self.problems += [f"scenario {self.number}: {p}" for p in repository.record_problems(run)]
            who = run.get("inputs", {}).get("who")
            for step in steps_of(run):
                name = step["name"].split("/")[1] + (f" {who}" if who else "")
                if (run["id"], step["name"]) in done and again[name] != counted[name]:
                    self.say(f"step {step['name']} was done again")
        self.problems += [f"scenario {self.number}: {p}" for p in repository.data_problems()]
        if active := repository.json("run", "history", "--active")["runs"]:
            self.say(f"still tracked as active: {active}")
        alive = marked_processes(set(self.runs.values()) | {run["id"] for run in runs}, repository.folder)
        kill(alive)
        if alive:
            self.say(f"processes are left: {alive}")


def reference_of(base):
    repository = Repository(swamp, base, WORKFLOWS)
    told, code, problem = run_until(repository, ["workflow", "run", "soak"], 0, 0)
    assert code == 0, problem
    runs = [repository.json("workflow", "history", "get", told.runs[()])] + runs_of(repository, "child")
    return {"events": told.count, "effects": effects(repository).keys(),
            "runs": sorted(json.dumps(summary(run), sort_keys=True) for run in runs)}


with tempfile.TemporaryDirectory(prefix="swamp-soak-") as base:
    reference = reference_of(base)
    kills, problems, documents = 0, [], []
    if options.only is not None:
        played = Scenario(base, options.only, reference).play()
        print("\n".join(played.problems) or "no problem", "kills:", played.kills)
        sys.exit(bool(played.problems))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() + 1) as pool:
        numbers = iter(range(points * 2))
        waiting = set()
        while kills < points or waiting:
            while kills + len(waiting) < points and len(waiting) <= os.cpu_count():
                waiting.add(pool.submit(Scenario(base, next(numbers), reference).play))
            ended, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
            for one in ended:
                played = one.result()
                kills += played.kills
                problems += played.problems
                documents += played.documents
                print(*played.problems, f"{kills} of {points} kills", sep="\n", file=sys.stderr, flush=True)
    misshapen = schema_problems(options.checker, schema, documents)
    problems += misshapen
print(*misshapen, sep="\n")
print(f"{kills} kills, {len(documents)} documents: {len(problems)} problems (seed {options.seed})")
sys.exit(1 if problems or kills < points else 0)
