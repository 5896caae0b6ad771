#!/usr/bin/env python3
"""However a run ends, it ends: with its processes, with a record that says how, with an error that says why, and with the right exit
code. Never a hang, never lost or half written data.

    endings.py --swamp PATH [case …]"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from repository import ENVIRONMENT, Repository, kill, marked_processes, steps_of

arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
arguments.add_argument("cases", nargs="*")
options = arguments.parse_args()
swamp = str(pathlib.Path(options.swamp).resolve())
CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def step(name, run, **more):
    """A step of a workflow, as YAML on one line."""
    keys = "".join(f", {key}: {value}" for key, value in more.items())
    return f"""
      - {{name: {name}{keys}, task: {{type: model_method, modelType: command/shell, methodName: execute, inputs: {{run: '{run}'}}}}}}"""


def after(name, condition="succeeded"):
    return f"[{{step: {name}, condition: {{type: {condition}}}}}]"


def workflow(*steps):
    return {"w": f"""id: 8d0e4b52-4a52-4e36-9be4-0a6f6f0f7e01
name: w
version: 1
jobs:
  - name: main
    steps:{"".join(steps)}
"""}


GATE = "\n      - {name: gate, task: {type: manual_approval, prompt: go on?}}"
# A process that left its group, and one that was given up by its parent too.
LEAVES = "setsid sleep 901 >/dev/null 2>&1 & (setsid sh -c \"sleep 902 >/dev/null 2>&1 &\" >/dev/null 2>&1 &) ; sleep 0.1; "


class Trial:
    def __init__(self, base, *steps):
        self.repository = Repository(swamp, base, workflow(*steps))
        self.folder = self.repository.folder
        self.problems = []

    def expect(self, holds, what):
        if not holds:
            self.problems.append(what)

    def start(self, *words, **more):
        return self.repository.start(*(words or ("workflow", "run", "w")), **more)

    def wait_for(self, name):
        """Until a step has said that it is there, by a file."""
        until = time.monotonic() + 60
        while not (self.folder / name).exists():
            if time.monotonic() > until:
                raise AssertionError(f"'{name}' does not come")
            time.sleep(0.02)

    def ended(self, process, code):
        """Waits for its end; gives what it said on standard error."""
        out, err = process.communicate(timeout=60)
        self.said = out or ""
        self.expect(process.returncode == code, f"exit code {process.returncode} instead of {code}: {(err or '')[-300:]}")
        return err or ""

    def check(self, status, **steps):
        """The record has this status and these of its steps; nothing of the run is alive; data is whole."""
        run = self.repository.json("workflow", "history", "get", "w")
        self.expect(run["status"] == status, f"the run has {run['status']} instead of {status}")
        now = {s["name"].split("/")[1]: s["status"] for s in steps_of(run)}
        for name, wanted in steps.items():
            self.expect(now.get(name) == wanted, f"step {name} has {now.get(name)} instead of {wanted}")
        alive = marked_processes([run["id"]], self.repository.folder)
        kill(alive)
        self.expect(not alive, f"processes are left: {alive}")
        self.problems += self.repository.data_problems() + self.repository.record_problems(run)
        return run


@case
def a_lone_gate(base):
    trial = Trial(base, GATE)
    trial.ended(trial.start(), 0)
    trial.check("suspended", gate="waiting_approval")
    refused = trial.ended(trial.start("workflow", "resume", "w"), 1)
    trial.expect("still waits for the approval of 'gate'" in refused, refused)
    return trial


@case
def an_instant_step_beside_a_slow_one(base):
    trial = Trial(base, step("instant", ":"), step("slow", "sleep 1; echo slow"), step("last", ":", dependsOn=after("instant")))
    trial.ended(trial.start(), 0)
    trial.check("succeeded", instant="succeeded", slow="succeeded", last="succeeded")
    return trial


@case
def a_failed_step_takes_with_it_what_left_its_group(base):
    trial = Trial(base, step("leaves", LEAVES + "exit 3"))
    trial.ended(trial.start(), 1)
    trial.check("failed", leaves="failed")
    return trial


def stopped_once(base, number):
    trial = Trial(base, step("long", LEAVES + "touch there; sleep 903"),
                  step("cleans", "echo clean >cleaned", dependsOn=after("long", "always")))
    process = trial.start()
    trial.wait_for("there")
    process.send_signal(number)
    trial.ended(process, 1)
    trial.check("cancelled", long="failed", cleans="succeeded")
    trial.expect((trial.folder / "cleaned").exists(), "clean-up did not run")
    return trial


@case
def interrupted_once(base):
    return stopped_once(base, signal.SIGINT)


@case
def terminated(base):
    return stopped_once(base, signal.SIGTERM)


@case
def the_terminal_is_closed(base):
    return stopped_once(base, signal.SIGHUP)


@case
def interrupted_twice(base):
    trial = Trial(base, step("long", "touch there; sleep 904"),
                  step("cleans", "touch cleaning; sleep 905", dependsOn=after("long", "always")))
    process = trial.start()
    trial.wait_for("there")
    process.send_signal(signal.SIGINT)
    trial.wait_for("cleaning")
    process.send_signal(signal.SIGINT)
    trial.ended(process, 1)
    trial.check("cancelled", long="failed", cleans="failed")
    return trial


@case
def cancelled_from_another_terminal(base):
    trial = Trial(base, step("long", LEAVES + "touch there; sleep 906"), step("never", ":", dependsOn=after("long")))
    process = trial.start()
    trial.wait_for("there")
    trial.ended(trial.start("workflow", "cancel", "w"), 0)
    trial.ended(process, 1)
    trial.check("cancelled", long="failed", never="skipped")
    return trial


@case
def nobody_reads_any_more(base):
    trial = Trial(base, *[step(f"s{i}", f"sleep 0.05; echo {i}") for i in range(4)])
    code = subprocess.run(["bash", "-c", f"{swamp} workflow run w --json --stream | head -1; exit ${{PIPESTATUS[0]}}"],
                          cwd=trial.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, timeout=60).returncode
    trial.expect(code == 0, f"exit code {code}")
    trial.check("succeeded", s0="succeeded", s3="succeeded")
    return trial


@case
def closed_streams(base):
    """What is printed to a closed stream must not land in a file that got its number."""
    trial = Trial(base, step("talks", "echo out; echo err >&2"))
    for redirection, code in (("<&-", 0), ("2>&-", 0), (">&-", 1), ("<&- >&- 2>&-", 1)):
        done = subprocess.run(["bash", "-c", f"exec {swamp} workflow run w --json {redirection}"], cwd=trial.folder, env=ENVIRONMENT,
                              capture_output=True, timeout=60)
        trial.expect(done.returncode == code, f"{redirection}: exit code {done.returncode}, {done.stderr.decode()[-300:]}")
        trial.check("succeeded", talks="succeeded")
        for path in (trial.folder / ".swamp").rglob("*"):
            if path.is_file() and path.suffix not in (".yaml", ".log") and path.name != "raw" and b'"workflowName"' in path.read_bytes():
                head = path.read_bytes()[:15]
                trial.expect(head.startswith((b"SWAMPJ1", b"SQLite", b"7\x7f\x06")) or path.suffix == ".json", f"{redirection}: {path} has {head}")
    trial.expect(trial.repository.json("data", "query", "true")["results"], "the catalogue has nothing")
    trial.ended(trial.start("run", "doctor", "--fix"), 0)
    return trial


def in_small_disk(base, megabytes, script):
    """Runs bash lines in a mount namespace of their own, with a small disk at `disk` of the base."""
    disk = pathlib.Path(tempfile.mkdtemp(dir=base))
    lines = f"set -e; mount -t tmpfs -o size={megabytes}m none {disk}; cd {disk}; set +e; {script}"
    return subprocess.run(["unshare", "-m", "bash", "-c", lines], env=ENVIRONMENT | {"SWAMP": swamp}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)


def can_mount():
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0


class Said:
    """What the lines `name=value` of a script said, for cases that take place in a disk of their own."""

    def __init__(self, done):
        self.values = dict(line.split("=", 1) for line in done.stdout.splitlines() if re.match(r"\w+=", line))
        self.text = done.stdout + done.stderr
        self.problems = []

    def expect(self, holds, what):
        if not holds:
            self.problems.append(f"{what}: {self.text[-1500:]}")

    def has(self, **values):
        for name, value in values.items():
            self.expect(self.values.get(name) == value, f"{name} is {self.values.get(name)} instead of {value}")


HISTORY = """$SWAMP workflow history get w --json >h.json; echo history=$?; echo "status=$(sed -n 's/^  "status": "\\(.*\\)",/\\1/p' h.json)";"""


@case
def the_disk_is_full_in_the_middle(base):
    """Steps fail, the run says why, and with room again everything works."""
    text = workflow(step("first", "echo first"), step("fills", "cat /dev/zero >filler", dependsOn=after("first"), allowFailure="true"),
                    step("writes", "head -c 200000 /dev/zero | tr \"\\\\0\" x", dependsOn=after("fills", "completed")),
                    step("last", "echo last", dependsOn=after("writes", "completed")))["w"]
    said = Said(in_small_disk(base, 4, f"""$SWAMP init --tool none >/dev/null 2>&1; cat >workflows/workflow-w.yaml <<'END'
{text}
END
$SWAMP workflow run w >out 2>/dev/shm/swamp-err-$$; echo code=$?; cat /dev/shm/swamp-err-$$; rm /dev/shm/swamp-err-$$
rm filler; {HISTORY} $SWAMP run doctor --fix >/dev/null; echo doctor=$?
$SWAMP data query true --json >/dev/null; echo query=$?
sed -i 's/cat .dev.zero >filler/:/' workflows/workflow-w.yaml; $SWAMP workflow run w >/dev/null; echo again=$?
find .swamp -name '.*.tmp' | sed s/^/left=/"""))
    said.has(code="1", history="0", doctor="0", query="0", again="0", left=None)
    said.expect("No space left" in said.text or "no space left" in said.text, "the cause is not told")
    return said


class Ordinary:
    """A user without privileges, when the test runs as root, who may go below the base."""

    def __init__(self, base, trial):
        pathlib.Path(base).chmod(0o755)
        self.swamp, self.trial, self.prefix = swamp, trial, []
        if os.geteuid() == 0:
            self.swamp = pathlib.Path(tempfile.mkdtemp(dir=base)) / "swamp"
            self.swamp.parent.chmod(0o755)
            shutil.copy(swamp, self.swamp)
            subprocess.run(["chown", "-R", "54321:54321", trial.folder], check=True)
            self.prefix = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]

    def run(self, line):
        """A line of bash, with the program as $SWAMP."""
        env = ENVIRONMENT | {"HOME": str(self.trial.folder), "SWAMP": str(self.swamp)}
        return subprocess.run([*self.prefix, "bash", "-c", line], cwd=self.trial.folder, env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)


@case
def the_repository_becomes_read_only(base):
    trial = Trial(base, step("first", "echo first"), step("freezes", "chmod -R a-w .swamp", dependsOn=after("first")),
                  step("last", "echo last", dependsOn=after("freezes", "completed")))
    user = Ordinary(base, trial)
    done = user.run("$SWAMP workflow run w")
    trial.expect(done.returncode == 1 and "ermission denied" in done.stdout + done.stderr,
                 f"exit code {done.returncode}: {done.stdout} {done.stderr}")
    trial.expect(user.run("$SWAMP workflow history get w").returncode == 0, "the record cannot be read")
    done = user.run("chmod -R u+w .swamp; $SWAMP run doctor --fix && $SWAMP workflow history get w --json && $SWAMP workflow run w")
    trial.expect(done.returncode == 1 and "ermission denied" in done.stdout + done.stderr, f"mended: {done.stdout} {done.stderr}")
    user.run("chmod -R u+w .swamp")
    trial.problems += trial.repository.data_problems()
    return trial


@case
def few_descriptors(base):
    trial = Trial(base, *[step(f"s{i}", f"echo {i}") for i in range(20)])
    done = subprocess.run(["bash", "-c", f"ulimit -n 64; exec {swamp} workflow run w"], cwd=trial.folder, env=ENVIRONMENT,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    trial.expect(done.returncode == 0, f"exit code {done.returncode}: {done.stderr[-500:]}")
    trial.check("succeeded", s0="succeeded", s19="succeeded")
    return trial


@case
def no_more_processes(base):
    """A user at the limit of processes gets failed steps that say so."""
    trial = Trial(base, *[step(f"s{i}", "sleep 0.2; sleep 0.2") for i in range(30)])
    if os.geteuid() != 0:
        return trial  # the limit would count whatever else the user does
    user = Ordinary(base, trial)
    for limit in (1, 3, 12):
        done = user.run(f"ulimit -u {limit}; exec $SWAMP workflow run w")
        trial.expect(done.returncode == 1 and re.search("limit of processes|Cannot fork", done.stdout + done.stderr),
                     f"limit {limit}: exit code {done.returncode}: {done.stdout[-300:]} {done.stderr[-600:]}")
        trial.check("failed")
    return trial


@case
def temporary_files_have_no_room(base):
    trial = Trial(base, step("complains", "head -c 30000000 /dev/zero | tr \"\\\\0\" x >&2"))
    if not can_mount():
        return trial
    small = tempfile.mkdtemp(dir=base)
    done = subprocess.run(["unshare", "-m", "bash", "-c",
                           f"mount -t tmpfs -o size=1m none {small}; TMPDIR={small} exec {swamp} workflow run w --json"],
                          cwd=trial.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        trial.expect(done.returncode == 1 and "space" in (done.stdout + done.stderr), f"{done.returncode}: {done.stderr[-300:]}")
        trial.check("failed", complains="failed")
    else:
        trial.check("succeeded", complains="succeeded")
    return trial


@case
def a_step_ignores_the_signal(base):
    """The grace is over after ten seconds; then nobody is asked any more."""
    trial = Trial(base, step("stubborn", "trap : TERM INT HUP; touch there; while true; do sleep 0.2; done"))
    process = trial.start()
    trial.wait_for("there")
    process.send_signal(signal.SIGINT)
    trial.ended(process, 1)
    trial.check("cancelled", stubborn="failed")
    return trial


@case
def grandchildren_hold_the_pipes(base):
    """A method with a time limit ends a few seconds after its main process, and ends what holds its pipes."""
    trial = Trial(base, step("holds", "(setsid sleep 907 &) ; echo main").replace("}}}", ", timeout: 60000}}}"),
                  step("next", "echo next", dependsOn=after("holds")))
    trial.ended(trial.start(), 0)
    trial.check("succeeded", holds="succeeded", next="succeeded")
    return trial


@case
def grandchildren_hold_the_pipes_of_a_step_out_of_time(base):
    trial = Trial(base, step("holds", "(setsid sleep 910 &) ; echo main", timeout="1"))
    trial.ended(trial.start(), 1)
    trial.check("failed", holds="failed")
    return trial


@case
def grandchildren_hold_the_pipes_of_a_step_that_is_stopped(base):
    trial = Trial(base, step("holds", "(setsid sleep 908 &) ; touch there; echo main"))
    process = trial.start()
    trial.wait_for("there")
    process.send_signal(signal.SIGTERM)
    trial.ended(process, 1)
    trial.check("cancelled", holds="failed")
    return trial


@case
def a_step_leaves_its_process_group(base):
    """The main process itself becomes the leader of a session of its own."""
    trial = Trial(base, step("leaves", "exec setsid sh -c \"touch there; sleep 909\"", timeout="1"))
    trial.ended(trial.start(), 1)
    trial.check("failed", leaves="failed")
    return trial


def gate_of(trial):
    trial.ended(trial.start(), 0)
    return trial.check("suspended", gate="waiting_approval")


def all_at_once(trial, *commands):
    """Exit codes and what was said of commands that start together."""
    processes = [trial.start(*words) for words in commands]
    said = [process.communicate(timeout=60) for process in processes]
    return [(process.returncode, out + err) for process, (out, err) in zip(processes, said)]


def one_decides(base, *verbs):
    trial = Trial(base, GATE, step("after", "echo after >>effects", dependsOn=after("gate")))
    gate_of(trial)
    ended = all_at_once(trial, *[("workflow", verb, "w", "gate") for verb in verbs])
    codes = sorted(code for code, _ in ended)
    trial.expect(codes == [0] + [1] * (len(verbs) - 1), f"exit codes {codes}: {ended}")
    for code, said in ended:
        trial.expect(code == 0 or re.search("still under way|waits for an approval|has no suspended run", said), f"who was late is told: {said}")
    winner = verbs[[code for code, _ in ended].index(0)]
    run = trial.repository.json("workflow", "history", "get", "w")
    gate = next(s for s in steps_of(run) if s["name"] == "main/gate")
    trial.expect(gate["status"] == ("succeeded" if winner == "approve" else "failed"), f"{winner} won, and the gate has {gate['status']}")
    return trial, winner


@case
def two_approve_at_once(base):
    trial, _ = one_decides(base, "approve", "approve", "approve")
    trial.ended(trial.start("workflow", "resume", "w"), 0)
    trial.check("succeeded", gate="succeeded", after="succeeded")
    return trial


@case
def one_approves_and_one_rejects(base):
    trial, winner = one_decides(base, "approve", "reject", "reject", "approve")
    if winner == "approve":
        trial.ended(trial.start("workflow", "resume", "w"), 0)
        trial.check("succeeded", gate="succeeded", after="succeeded")
    else:
        trial.check("failed", gate="failed", after="skipped")
    return trial


@case
def two_go_on_at_once(base):
    trial = Trial(base, step("first", "echo first >>effects"),
                  step("slow", "touch there; echo slow >>effects; sleep 1", dependsOn=after("first")))
    process = trial.start()
    trial.wait_for("there")
    process.kill()
    process.communicate()
    ended = all_at_once(trial, *[("workflow", "resume", "w")] * 4)
    codes = sorted(code for code, _ in ended)
    trial.expect(codes == [0, 1, 1, 1], f"exit codes {codes}: {ended}")
    for code, said in ended:
        trial.expect(code == 0 or re.search("still under way|has succeeded|no suspended or interrupted run", said),
                     f"who was late is told: {said}")
    trial.expect(all("go on with it" not in said for _, said in ended), f"who goes on is told to go on: {ended}")
    trial.check("succeeded", first="succeeded", slow="succeeded")
    effects = (trial.folder / "effects").read_text().split()
    trial.expect(effects == ["first", "slow", "slow"], f"done: {effects}")
    return trial


@case
def garbage_is_collected_beside_a_run(base):
    """It never touches a run that is alive, nor one that waits."""
    steps = [step(f"s{i}", f"echo {i}; sleep 0.1", **({"dependsOn": after(f"s{i - 1}")} if i else {})) for i in range(6)]
    trial = Trial(base, *steps, GATE.replace("gate,", f"gate, dependsOn: {after('s5')},"))
    run = ("workflow", "run", "w", "--skip-reports")
    trial.ended(trial.start(*run), 0)
    trial.ended(trial.start("workflow", "cancel", "w"), 0)  # what may go
    process = trial.start(*run)
    collected = 0
    while process.poll() is None:
        for words in (("run", "gc", "--older-than", "0m"), ("data", "gc")):
            done = trial.repository.call(*words, "--json")
            trial.expect(done.returncode == 0, f"{words}: {done.stderr}")
            collected += 1
    trial.ended(process, 0)
    trial.expect(collected >= 2, "nothing was collected beside the run")
    trial.check("suspended", s0="succeeded", s5="succeeded", gate="waiting_approval")
    runs = trial.repository.json("workflow", "run", "search")["results"]
    trial.expect([r["status"] for r in runs] == ["suspended"], f"runs that are left: {runs}")
    return trial


@case
def the_workflow_of_a_waiting_run_is_deleted(base):
    trial = Trial(base, GATE)
    run = gate_of(trial)
    trial.ended(trial.start("workflow", "delete", "w", "--force"), 0)
    for words, told in ((["w"], "no workflow 'w'"), (["w", "--run", run["id"]], f"'{run['id']}' does not exist")):
        said = trial.ended(trial.start("workflow", "resume", *words), 1)
        trial.expect(told in said, f"resume {words}: {said}")
    trial.expect(not list((trial.folder / ".swamp/workflow-runs/.journals").glob(f"{run['id']}*")), "its journal is there still")
    return trial


@case
def the_file_of_a_waiting_run_is_gone(base):
    trial = Trial(base, GATE, step("after", "echo after", dependsOn=after("gate")))
    run = gate_of(trial)
    file = trial.folder / "workflows/workflow-w.yaml"
    text = file.read_text()
    file.unlink()
    said = trial.ended(trial.start("workflow", "resume", "w", "--run", run["id"]), 1)
    trial.expect("workflow 'w'" in said and "is gone" in said and "workflow cancel" in said, f"resume: {said}")
    trial.expect(trial.repository.call("workflow", "history", "get", run["id"]).returncode == 0, "the record cannot be read")
    file.write_text(text)
    trial.ended(trial.start("workflow", "approve", "w", "gate"), 0)
    trial.ended(trial.start("workflow", "resume", "w", "--run", run["id"]), 0)
    trial.check("succeeded", gate="succeeded", after="succeeded")
    return trial


@case
def eight_processes_write_one_artifact(base):
    """Each gets versions of its own; none is lost, and `latest` names the last."""
    trial = Trial(base)
    call = ("model", "method", "run", "command/shell", "execute")
    line = "; ".join([f"{swamp} {' '.join(call)} --input 'run=echo '$0-{i} --json >/dev/null || exit 1" for i in range(3)])
    processes = [subprocess.Popen(["bash", "-c", line, str(n)], cwd=trial.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for n in range(8)]
    for process in processes:
        trial.ended(process, 0)
    names = [path for path in (trial.folder / ".swamp/data/command/shell").glob("*/result")]
    trial.expect(len(names) == 1, f"instances: {names}")
    versions = sorted((int(path.name) for path in names[0].iterdir() if path.name.isdigit()))
    trial.expect(versions == list(range(1, 25)), f"versions on disk: {versions}")
    written = sorted((names[0] / str(v) / "raw").read_text() for v in versions)
    said = [f"{n}-{i}" for n in range(8) for i in range(3)]
    trial.expect(all(any(s in text for text in written) for s in said), f"contents: {written}")
    trial.expect((names[0] / "latest").read_text() == "24", f"latest names {(names[0] / 'latest').read_text()}")
    rows = trial.repository.json("data", "query", "name == 'result' && version > 0", "--limit", "100")["results"]
    trial.expect(sorted(row["version"] for row in rows) == versions, f"versions in the catalogue: {[row['version'] for row in rows]}")
    trial.problems += trial.repository.data_problems()
    return trial


@case
def the_clock_jumps_backward(base):
    """A run whose clock is set back between events has an end that can be read, and goes on when it is resumed."""
    trial = Trial(base, step("first", "touch first; while [ ! -e jumped ]; do sleep 0.05; done"),
                  step("second", "echo second", dependsOn=after("first")), GATE.replace("name: gate,", "name: gate, dependsOn: "
                  "[{step: second, condition: {type: succeeded}}],"), step("last", "echo last", dependsOn=after("gate")))
    clock = fake_clock(base)
    if clock is None:
        return trial  # no compiler
    offset = trial.folder / "offset"
    offset.write_text("0")
    env = {"LD_PRELOAD": str(clock), "CLOCK_OFFSET": str(offset)}
    process = trial.start("workflow", "run", "w", env=env)
    trial.wait_for("first")
    offset.write_text("-86400")
    (trial.folder / "jumped").touch()
    trial.ended(process, 0)
    trial.check("suspended", first="succeeded", second="succeeded", gate="waiting_approval")
    offset.write_text("-172800")
    trial.ended(trial.start("workflow", "approve", "w", "gate", env=env), 0)
    offset.write_text("-259200")
    trial.ended(trial.start("workflow", "resume", "w", env=env), 0)
    run = trial.check("succeeded", second="succeeded", gate="succeeded", last="succeeded")
    durations = [s["duration"] for s in steps_of(run) if "duration" in s]
    trial.expect(all(d >= 0 for d in durations), f"durations {durations}")
    trial.expect(trial.repository.call("workflow", "run", "search").returncode == 0, "runs cannot be listed")
    return trial


def fake_clock(base):
    """A library that sets the wall clock by the seconds in a file; null without a compiler."""
    source, library = pathlib.Path(base) / "clock.c", pathlib.Path(base) / "clock.so"
    source.write_text("""#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec* now) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(id, now);
  const char* path = getenv("CLOCK_OFFSET");
  long offset = 0;
  FILE* file = id == CLOCK_REALTIME && path ? fopen(path, "r") : 0;
  if (file) {
    if (fscanf(file, "%ld", &offset) != 1) offset = 0;
    fclose(file);
  }
  now->tv_sec += offset;
  return result;
}
""")
    compiler = shutil.which("cc") or shutil.which("gcc")
    built = compiler and subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], capture_output=True).returncode == 0
    return library if built else None


def run_case(name, base):
    if name == "the_disk_is_full_in_the_middle" and not can_mount():
        return [], f"{name}: skipped, it needs root and a mount namespace"
    try:
        return [f"{name}: {problem}" for problem in CASES[name](base).problems], None
    except (AssertionError, subprocess.TimeoutExpired) as problem:
        return [f"{name}: {problem}"], None


with tempfile.TemporaryDirectory(prefix="swamp-endings-") as base:
    with concurrent.futures.ThreadPoolExecutor(2 * os.cpu_count()) as pool:
        results = list(pool.map(lambda name: run_case(name, base), options.cases or CASES))
problems = [problem for found, _ in results for problem in found]
for line in [note for _, note in results if note] + problems:
    print(line)
print(f"{len(results)} endings: {len(problems)} problems")
sys.exit(1 if problems else 0)
