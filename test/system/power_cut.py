#!/usr/bin/env python3
"""Stops the machine at any write of a morning's work, and asks for everything that the user had been told.

The work (COMMANDS) is done once under strace. From its calls lossy_disk.py makes what a file system may have on disk at any moment.
In each such repository, after 'run doctor --fix': what a finished command told is there, a run that had not ended goes on and
succeeds, what its event stream told as done is kept, and everything is whole.

    power_cut.py --swamp PATH     some 16 states; SWAMP_KILL_POINTS=all: one after each call that changes something"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import re
import shutil
import struct
import sys
import tempfile
import uuid

import lossy_disk
from repository import ENVIRONMENT, Repository, kill, marked_processes, steps_of

arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
arguments.add_argument("--only", help="one state, as a problem names it: N:HOW; it is kept, and its folder told")
options = arguments.parse_args()
swamp = str(pathlib.Path(options.swamp).resolve())
everything = os.environ.get("SWAMP_KILL_POINTS") == "all"

CHILD = "6b0e4b52-4a52-4e36-9be4-0a6f6f0f7e02"
WORKFLOWS = {
    "mixed": """id: 6b0e4b52-4a52-4e36-9be4-0a6f6f0f7e01
name: mixed
version: 1
jobs:
  - name: main
    steps:
      - name: first
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: echo first}}
      - name: brief
        dataOutputOverrides: [{specName: result, lifetime: ephemeral}]
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: echo 42}}
      - name: large
        dependsOn: [{step: brief, condition: {type: succeeded}}]
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: "head -c 90000 /dev/zero | tr '\\\\0' x"}}
      - name: keeps
        dependsOn: [{step: large, condition: {type: succeeded}}]
        task: {type: model_method, modelType: command/shell, modelName: keeper, methodName: execute, inputs: {run: "echo ${{ data.step('brief')[0].attributes.stdout }}"}}
      - name: "item-${{ self.n }}"
        dependsOn: [{step: keeps, condition: {type: succeeded}}]
        forEach: {item: n, in: "${{ [1, 2] }}"}
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: "echo ${{ self.n }}"}}
      - name: nested
        dependsOn: [{step: keeps, condition: {type: succeeded}}]
        task: {type: workflow, workflowIdOrName: child}
""",
    "child": """id: 6b0e4b52-4a52-4e36-9be4-0a6f6f0f7e02
name: child
version: 1
jobs:
  - name: main
    steps:
      - name: inner
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: echo inner}}
      - name: last
        dependsOn: [{step: inner, condition: {type: succeeded}}]
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: echo last}}
""",
    "gated": """id: 6b0e4b52-4a52-4e36-9be4-0a6f6f0f7e03
name: gated
version: 1
jobs:
  - name: main
    steps:
      - name: before
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: echo before}}
      - name: gate
        dependsOn: [{step: before, condition: {type: succeeded}}]
        task: {type: manual_approval, prompt: go on?}
      - name: after
        dependsOn: [{step: gate, condition: {type: succeeded}}]
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: echo after}}
""",
}
COMMANDS = [
    ["model", "create", "command/shell", "made", "--json"],
    ["vault", "create", "local_encryption", "main", "--json"],
    ["vault", "put", "main", "key=hidden", "--json"],
    ["workflow", "run", "mixed", "--json", "--stream"],
    ["model", "method", "run", "made", "execute", "--input", "run=echo by hand", "--json"],
    ["workflow", "run", "gated", "--json", "--stream"],
    ["workflow", "approve", "gated", "gate", "--json"],
    ["workflow", "resume", "gated", "--json", "--stream"],
    ["run", "gc", "--json"],
    ["workflow", "run", "mixed", "--json", "--stream"],
]


class Moment:
    """Where the work is: what was told, and by which command."""

    def __init__(self):
        self.finished = []  # (words, what it printed)
        self.words = None   # of the one that is under way
        self.told = b""

    def copy(self):
        moment = Moment()
        moment.finished, moment.words, moment.told = list(self.finished), self.words, self.told
        return moment


def work(base, see):
    """Does the work; calls `see(disk, moment, call)` after everything that changed something, or told something."""
    repository = Repository(swamp, base, WORKFLOWS)
    disk = lossy_disk.Disk(repository.folder)
    moment = Moment()
    for number, words in enumerate(COMMANDS):
        trace = pathlib.Path(base) / f"trace-{number}"
        done = lossy_disk.record([swamp, *words], trace, cwd=repository.folder, env=ENVIRONMENT, stdin=-3, capture_output=True)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        moment.words, moment.told, main, syncs = words, b"", None, {}
        for process, at, phase, call in lossy_disk.calls(trace):
            main = main or process
            if phase == "begin":
                syncs[process] = disk.covered(call)
            elif call[0] in ("fsync", "fdatasync", "syncfs"):
                disk.make_certain(syncs.pop(process))
                see(disk, moment, call)
            elif call[0] == "write" and process == main and str(call[1][0]).startswith("pipe:"):
                if len(call[1]) and call[1][1] in done.stdout:
                    moment.told += call[1][1]
                    see(disk, moment, call)
            elif call[0] != "openat" or "O_CREAT" in call[1][2]:
                disk.apply(call, at)
                see(disk, moment, call)
        moment.finished.append((words, done.stdout))
        moment.told = b""
    check_model(disk, repository)


def check_model(disk, repository):
    """The model has followed everything that happened: without a power cut it has what the folder has."""
    def differences(node, path):
        if isinstance(node, lossy_disk.File):
            return [] if path.is_file() and bytes(node.content) == path.read_bytes() else [str(path)]
        names = {name for name in node.entries if not name.endswith("-shm")}
        there = {each.name for each in path.iterdir() if not each.name.endswith("-shm")} if path.is_dir() else set()
        found = [str(path / name) for name in names ^ there]
        return found + [p for name in names & there for p in differences(node.entries[name], path / name)]
    if wrong := differences(disk.top, repository.folder):
        raise AssertionError(f"the model of the disk differs from the disk: {wrong}")


_CRC = [0] * 256
for i in range(256):
    crc = i
    for _ in range(8):
        crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    _CRC[i] = crc


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def restart(folder):
    """The machine starts again: journals and what lies beside them are of another boot (docs/data-store.md has their format)."""
    this = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
    other = str(uuid.UUID(int=7)).encode()
    journals = folder / ".swamp/workflow-runs/.journals"
    for mark in journals.glob(f"*{this}*"):
        mark.rename(mark.with_name(mark.name.replace(this, other.decode()[:8])))
    for journal in journals.glob("*.journal"):
        data, place, out = journal.read_bytes(), 8, b""
        while place + 8 <= len(data):
            size, _ = struct.unpack_from("<II", data, place)
            payload = data[place + 8:place + 8 + size]
            if len(payload) < size:
                break
            payload = re.sub(rb'("kind":"journal-opened","boot":")[0-9a-f-]{36}', rb"\g<1>" + other, payload)
            out += struct.pack("<II", size, crc32c(struct.pack("<I", size) + payload)) + payload
            place += 8 + size
        if len(data) >= 8:
            journal.write_bytes(data[:8] + out + data[place:])


class Restarted(Repository):
    """A repository as it is found after the power cut."""

    def __init__(self, folder):
        self.swamp, self.folder = swamp, folder


def kept_of(run):
    return {step["name"]: (step["status"], sorted((a["dataId"], a["version"]) for a in step.get("dataArtifacts", [])))
            for step in steps_of(run)}


def events_of(told):
    return [json.loads(line) for line in told.decode().splitlines(keepends=True) if line.endswith("\n")]


class Look:
    def __init__(self, folder, moment):
        self.repository, self.moment, self.problems = Restarted(folder), moment, []
        self.ended = {}    # run id -> what was told of it
        self.done = {}     # run id -> steps told as done -> (status, artifacts)
        self.runs = {}     # run id -> workflow, of those told as begun

    def problems_found(self):
        restart(self.repository.folder)
        fixed = self.repository.call("run", "doctor", "--fix", "--json")
        if fixed.returncode != 0:
            self.problems.append(f"doctor --fix: {fixed.stderr.strip()}")
        for words, told in self.moment.finished:
            self.check_told(words, told)
        self.hear(self.moment.told)
        for run_id in self.done:
            self.check_run(run_id)
        self.go_on()
        self.problems += self.repository.data_problems()
        alive = marked_processes(set(self.runs), self.repository.folder)
        kill(alive)
        if alive:
            self.problems.append(f"processes are left: {alive}")
        for words in (["data", "query", "true"], ["workflow", "run", "search"], ["model", "search"], ["model", "output", "search"],
                      ["workflow", "run", "child"]):
            self.ask(*words)
        return self.problems

    def ask(self, *words):
        try:
            return self.repository.json(*words)
        except AssertionError as problem:
            self.problems.append(str(problem))
            return None

    def check_told(self, words, told):
        if words[:2] == ["model", "create"]:
            self.ask("model", "get", words[3])
        elif words[:2] == ["vault", "put"]:
            secret = self.ask("vault", "read-secret", "main", "key")
            if secret is not None and secret.get("value") != "hidden":
                self.problems.append(f"the secret is {secret}")
        elif words[:2] == ["model", "method"]:
            document = json.loads(told)
            for artifact in document["dataArtifacts"]:
                self.ask("data", "get", "made", artifact["name"], "--version", str(artifact["version"]))
        elif words[:2] == ["workflow", "approve"]:
            self.approved = True
        elif "--stream" in words:
            self.hear(told)

    approved = False

    def hear(self, told):
        parents = {}
        for event in events_of(told) if b'"kind"' in told else []:
            if "kind" not in event:
                self.ended[event["id"]] = event
                continue
            place = tuple(event.get("parents", []))
            if event["kind"] == "started":
                parents[place] = event["runId"]
                self.runs[event["runId"]] = event["workflowName"]
            elif event["kind"] == "step_completed":
                handles = sorted((h["dataId"], h["version"]) for h in event.get("dataHandles", []))
                self.done.setdefault(parents[place], {})[f"{event['jobId']}/{event['stepId']}"] = handles

    def check_run(self, run_id):
        run = self.ask("workflow", "history", "get", run_id)
        if run is None:
            return
        self.problems += self.repository.record_problems(run)
        kept = kept_of(run)
        for name, handles in self.done[run_id].items():
            status, artifacts = kept.get(name, (None, []))
            missing = [h for h in handles if h not in artifacts]
            if status != "succeeded" or missing:
                self.problems.append(f"step {name} of {self.runs[run_id]} was told as done and is {status}, without {missing}")
        told = self.ended.get(run_id)
        if told and told["status"] == "succeeded" and (run["status"], kept) != (told["status"], kept_of(told)):
            self.problems.append(f"told of {self.runs[run_id]}: {kept_of(told)}, on record as {run['status']}: {kept}")

    def go_on(self):
        """Every run that has not ended can, and keeps what it had."""
        for workflow in ("mixed", "gated"):
            listing = self.ask("workflow", "run", "search", "--workflow", workflow)
            for entry in (listing or {"results": []})["results"]:
                run = self.ask("workflow", "history", "get", entry["runId"])
                if run is None or run["status"] == "succeeded":
                    continue
                gate = next((s for s in steps_of(run) if s["name"] == "main/gate"), None)
                if gate and gate["status"] == "waiting_approval":
                    if self.approved:
                        self.problems.append("the approval is lost")
                    self.ask("workflow", "approve", workflow, "gate", "--run", run["id"])
                before = {name: kept for name, kept in kept_of(run).items() if kept[0] == "succeeded"}
                ended = self.ask("workflow", "resume", workflow, "--run", run["id"])
                if gate and ended and ended["status"] == "suspended":
                    self.ask("workflow", "approve", workflow, "gate", "--run", run["id"])
                    ended = self.ask("workflow", "resume", workflow, "--run", run["id"])
                if ended is None:
                    continue
                self.problems += self.repository.record_problems(ended)
                after = kept_of(ended)
                if ended["status"] != "succeeded" or any(after.get(n) != k for n, k in before.items() if n != "main/gate"):
                    self.problems.append(f"{workflow} went on as {ended['status']}: {after}, it had {before}")
        for entry in (self.ask("workflow", "run", "search", "--workflow", "child") or {"results": []})["results"]:
            if entry["status"] != "succeeded":
                self.problems.append(f"a run of child is left {entry['status']}: the run around it went on without it")
        for run_id, told in self.ended.items():
            if told["status"] != "suspended":
                continue
            run = self.ask("workflow", "history", "get", run_id)
            if run and run["status"] != "succeeded":
                self.problems.append(f"told of {self.runs[run_id]}: suspended, in the end it has {run['status']}")


class States:
    """Chooses states, and looks at each in a process of its own."""

    def __init__(self, base, pool):
        self.base, self.pool = pathlib.Path(base), pool
        self.number, self.waiting, self.problems, self.looked = 0, [], [], 0
        self.draw = random.Random(20261128)

    def see(self, disk, moment, call):
        self.number += 1
        hows = ["least", "names", "journals", self.number]
        if options.only:
            number, how = options.only.split(":")
            if number == str(self.number):
                self.look(disk, moment, call, int(how) if how.isdigit() else how)
        elif everything:
            self.look(disk, moment, call, hows[self.number % 4])
        elif self.others_rely_on(call):
            for how in ("names", "journals"):
                self.look(disk, moment, call, how)
        elif self.is_chosen(call):
            self.look(disk, moment, call, self.draw.choice(hows))

    def is_chosen(self, call):
        """Mostly what the user was told is put to the test."""
        return self.draw.random() < (0.03 if call[0] == "write" and str(call[1][0]).startswith("pipe:") else 0.003)

    @staticmethod
    def others_rely_on(call):
        """The record of a run within another one; a definition that a run makes: what comes next takes them for whole."""
        names = str(call[1:])
        return call[0].startswith("rename") and (f"{CHILD}/workflow-run-" in names or ".swamp/auto-definitions/" in names)

    def look(self, disk, moment, call, how):
        self.looked += 1
        folder = self.base / f"state-{self.number}-{how}"
        disk.image(how, folder)
        what = f"{self.number}:{how} ({' '.join(moment.words)}, at {call[0]} {self.place(call, disk)})"
        self.waiting.append(self.pool.submit(self.judge, folder, moment.copy(), what))
        if len(self.waiting) > 3 * os.cpu_count():
            self.finish(len(self.waiting) - os.cpu_count())

    @staticmethod
    def place(call, disk):
        path = call[2] if call[0] == "openat" else call[1][0]
        return str(path).replace(str(disk.root) + "/", "")

    @staticmethod
    def judge(folder, moment, what):
        problems = Look(folder, moment).problems_found()
        if options.only:
            print(f"state kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
        return [f"{what}: {problem}" for problem in problems]

    def finish(self, count=None):
        for one in self.waiting[:count]:
            self.problems += one.result()
        self.waiting = self.waiting[count:] if count else []


if shutil.which("strace") is None:
    sys.exit("strace is missing: tools/install_packages.sh installs it")
base = tempfile.mkdtemp(prefix="swamp-power-")
try:
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        states = States(base, pool)
        work(base, states.see)
        states.finish()
finally:
    if not options.only:
        shutil.rmtree(base, ignore_errors=True)
print("\n".join(states.problems))
print(f"{states.looked} states at {states.number} calls: {len(states.problems)} problems")
sys.exit(1 if states.problems or not states.looked else 0)
