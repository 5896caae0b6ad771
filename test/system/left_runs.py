#!/usr/bin/env python3
"""What the next command does about runs whose processes were killed.

    left_runs.py --swamp PATH

Each check kills the program in the middle of something and has another command come after it: processes that were left are ended,
records and data are put right, runs that are alive are left alone, and a start after which there is nothing to do costs one
listing of the journals' folder."""
import argparse
import json
import os
import pathlib
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
environment = {k: v for k, v in os.environ.items() if k not in ("SWAMP_REPO_DIR", "SWAMP_RUN")} | {"NO_COLOR": "1"}
# `first` has ended when `long` begins, which leaves a process in a session of its own.
long_workflow = """id: 3a1f6a3e-0f5e-4b3b-8f0e-6d1a1b2c3d4e
name: long
jobs:
  - name: main
    steps:
      - name: first
        task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: "echo first"}}
      - name: long
        dependsOn: [{step: first, condition: {type: succeeded}}]
        task:
          type: model_method
          modelType: command/shell
          methodName: execute
          inputs: {run: "setsid sleep 1000 & echo $! > left-behind; wait"}
"""
short_workflow = """id: 3a1f6a3e-0f5e-4b3b-8f0e-6d1a1b2c3d4f
name: short
jobs: [{name: main, steps: [{name: a, task: {type: assert, expr: "true", message: fine}}]}]
"""
problems = []


def check(what, got, wanted):
    if got != wanted:
        problems.append(f"{what}: {got!r} instead of {wanted!r}")


def call(folder, *words, **more):
    return subprocess.run([swamp, *words], cwd=folder, env=environment | more, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60)


def document(folder, *words):
    got = call(folder, *words, "--json")
    if got.returncode != 0:
        problems.append(f"{' '.join(words)}: {got.returncode} {got.stderr}")
        return {}
    return json.loads(got.stdout)


def new_repository(base):
    folder = pathlib.Path(tempfile.mkdtemp(dir=base))
    assert call(folder, "init", "--tool", "none").returncode == 0
    (folder / "workflows/workflow-long.yaml").write_text(long_workflow)
    (folder / "workflows/workflow-short.yaml").write_text(short_workflow)
    return folder


def wait_for(condition, what):
    until = time.monotonic() + 30
    while not condition():
        if time.monotonic() > until:
            sys.exit(f"waited in vain for {what}")
        time.sleep(0.02)


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def start(folder, *words):
    """A command that is in its long step; the process and what it left beside."""
    process = subprocess.Popen([swamp, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    left = folder / "left-behind"
    wait_for(lambda: left.exists() and left.read_text().strip(), f"'{' '.join(words)}'")
    return process, int(left.read_text())


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def files_below(folder):
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*") if path.is_file()}


def journals(folder, ending):
    return sorted(path.name for path in (folder / ".swamp/workflow-runs/.journals").glob(f"*{ending}"))


def a_killed_run_is_mended_by_the_next(folder):
    process, left = start(folder, "workflow", "run", "long")
    kill(process)
    check("what it left is alive", is_alive(left), True)
    temporary = folder / ".swamp/workflow-runs/3a1f6a3e-0f5e-4b3b-8f0e-6d1a1b2c3d4e/.0a1b2c3d-0000-4000-8000-000000000000.tmp"
    temporary.write_text("half a record")
    raw = next(path for path in (folder / ".swamp/data").rglob("raw") if b"first" in path.read_bytes())
    content = raw.read_bytes()
    raw.write_bytes(b"")
    before = files_below(folder)
    for words in (["data", "gc"], ["data", "prune"], ["run", "gc"]):
        looked = call(folder, *words, "--dry-run")
        check(f"a dry '{' '.join(words)}'", (looked.returncode, "had died" in looked.stderr), (0, False))
    check("it writes nothing", files_below(folder), before)
    check("and ends nothing", is_alive(left), True)
    after = call(folder, "workflow", "run", "short")
    check("the next command", after.returncode, 0)
    check("it tells", "had died" in after.stderr and "swamp workflow resume long" in after.stderr, True)
    check("what was left is ended", is_alive(left), False)
    check("a file without a name is gone", temporary.exists(), False)
    check("data is there again", raw.read_bytes(), content)
    record = next((folder / ".swamp/workflow-runs/3a1f6a3e-0f5e-4b3b-8f0e-6d1a1b2c3d4e").glob("*.yaml")).read_text()
    check("the record has every step", re.findall(r"^        status: (\w+)", record, re.M), ["succeeded", "running"])
    check("nobody is told twice", call(folder, "workflow", "run", "short").stderr.count("had died"), 0)
    shutil.copyfile("/dev/null", folder / "left-behind")
    resumed, again = start(folder, "workflow", "resume", "long")
    check("a resumed run is not mended", "had died" in call(folder, "workflow", "run", "short").stderr, False)
    check("nor are its processes ended", is_alive(again), True)
    resumed.send_signal(signal.SIGTERM)
    resumed.wait()
    check("a run that was stopped leaves nothing", is_alive(again), False)


def a_copy_leaves_the_original_alone(folder):
    process, left = start(folder, "workflow", "run", "long")
    copy = folder.with_name(folder.name + "-copy")
    shutil.copytree(folder, copy)
    after = call(copy, "workflow", "run", "short")
    check("in the copy the run has died", (after.returncode, "had died" in after.stderr), (0, True))
    check("what the original runs goes on", (process.poll(), is_alive(left)), (None, True))
    process.send_signal(signal.SIGTERM)
    process.wait()
    check("until it is stopped", is_alive(left), False)


def a_killed_call_has_failed(folder):
    process, left = start(folder, "model", "method", "run", "command/shell", "execute", "--input",
                          "run=setsid sleep 1000 & echo $! > left-behind; wait")
    kill(process)
    check("nothing is on record", document(folder, "model", "output", "search").get("results"), [])
    after = call(folder, "model", "method", "run", "command/shell", "execute", "--input", "run=:")
    check("the next call", after.returncode, 0)
    check("what was left is ended", is_alive(left), False)
    outputs = document(folder, "model", "output", "search").get("results", [])
    check("the call that died is on record", sorted(one["status"] for one in outputs), ["failed", "succeeded"])
    check("and its journal may go", len(journals(folder, ".ended")), 2)


def what_is_removed_is_named_by_no_journal(folder):
    """After a start of the machine a journal makes again whatever it names."""
    call(folder, "model", "create", "command/shell", "web")
    process, left = start(folder, "model", "method", "run", "command/shell", "execute", "--input",
                          "run=setsid sleep 1000 & echo $! > left-behind; wait")
    kill(process)
    check("the journal of the call that died", len(journals(folder, ".journal")), 1)
    check("a model is deleted", call(folder, "model", "delete", "web", "--force").returncode, 0)
    check("what was left is ended", is_alive(left), False)
    check("the journal is gone before anything is removed", journals(folder, ".journal"), [])


def a_command_within_the_dead_run_leaves_it_alone(folder):
    process, left = start(folder, "workflow", "run", "long")
    run = journals(folder, ".journal")[0].removesuffix(".journal")
    kill(process)
    call(folder, "workflow", "run", "short", SWAMP_RUN=run)
    check("its own run is left alone", is_alive(left), True)
    call(folder, "run", "doctor", "--fix")
    check("another command ends it", is_alive(left), False)


def journals_go_when_they_are_many(folder):
    for _ in range(33):
        call(folder, "workflow", "run", "short")
    check("journals that were not needed any more", len(journals(folder, ".journal")), 1)
    call(folder, "run", "gc")
    left = [name for name in journals(folder, "") if not name.startswith((".mending.lock", ".looked-after."))]
    check("run gc removes them all", left, [])


def a_start_costs_one_listing(folder):
    if shutil.which("strace") is None:
        print("skipped: the count of listings needs strace")
        return
    call(folder, "workflow", "run", "short")
    trace = folder / "trace"
    subprocess.run(["strace", "-f", "-qq", "-y", "-o", str(trace), "-e", "trace=getdents64,open,openat", swamp, "workflow", "run",
                    "short"], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    text = trace.read_text(errors="replace")
    listed = re.findall(r"getdents64\(\d+<[^>]*/\.journals>.* = [1-9]", text)
    check("listings of the journals", len(listed), 1)
    looked_into = [name for name in re.findall(r'openat?\([^"]*"[^"]*/([^/"]*\.journal)", O_RDWR\|O_APPEND', text)]
    check("journals that were looked into", looked_into, [])


with tempfile.TemporaryDirectory(prefix="swamp-left-") as base:
    for one in (a_killed_run_is_mended_by_the_next, a_copy_leaves_the_original_alone, a_killed_call_has_failed,
                what_is_removed_is_named_by_no_journal, a_command_within_the_dead_run_leaves_it_alone,
                journals_go_when_they_are_many, a_start_costs_one_listing):
        before = len(problems)
        one(new_repository(base))
        print(f"{one.__name__.replace('_', ' ')}: {'ok' if len(problems) == before else 'FAILED'}")
print("\n".join(problems))
sys.exit(1 if problems else 0)
