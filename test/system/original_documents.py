#!/usr/bin/env python3
"""The documents that the original printed, and ours for the same commands in the same situation.

`original-documents.json` holds, for each command line, its exit code and what its documents are made of: keys in their order,
nesting, types, and the values that are words of the format ("=succeeded"). Ours must have all of it; what it has besides, and where
it departs, is listed in DEPARTURES with a reason. docs/compatibility.md tells users of the same.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
arguments.add_argument("--show", action="store_true", help="print each document that differs")
given = arguments.parse_args()
swamp = pathlib.Path(given.swamp).resolve()
data = pathlib.Path(__file__).resolve().parent.parent / "data/original-documents.json"
recorded = json.loads(data.read_text())


def workflow(name, ident, body):
    return f"""id: {ident:08d}-0000-4000-8000-000000000000
name: {name}
version: 1
tags: {{}}
{body}"""


def one_job(steps):
    return "jobs:\n  - name: j\n    steps:\n" + steps


def shell(name, run, model="hello", extra=""):
    return f"""      - name: {name}
        task: {{type: model_method, modelIdOrName: {model}, methodName: execute, inputs: {{run: {json.dumps(run)}}}}}
{extra}"""


FLOW = """description: two jobs
inputs:
  type: object
  properties:
    who: {type: string, default: world}
    hosts:
      type: array
      default: [a, b, c]
      items: {type: string}
  required: []
jobs:
  - name: build
    steps:
      - name: first
        task:
          type: model_method
          modelIdOrName: hello
          methodName: execute
          inputs: {run: 'echo "hello ${{ inputs.who }}"'}
      - name: second
        dependsOn: [{step: first, condition: {type: succeeded}}]
        task:
          type: model_method
          modelIdOrName: worker
          methodName: execute
          inputs: {run: 'echo "got [${{ data.latest("hello", "result").attributes.stdout }}]"'}
      - name: each-${{ self.host }}
        forEach: {item: host, in: "${{ inputs.hosts }}"}
        dependsOn: [{step: second, condition: {type: succeeded}}]
        task:
          type: model_method
          modelType: command/shell
          modelName: host-${{ self.host }}
          methodName: execute
          inputs: {run: 'echo "host ${{ self.host }}"'}
  - name: after
    dependsOn: [{job: build, condition: {type: succeeded}}]
    steps:
      - name: check
        task: {type: assert, expr: 'data.latest("worker", "result").attributes.exitCode == 0', message: worked, severity: high}
"""
GATE = one_job(shell("pre", "echo pre") + """      - name: ok
        dependsOn: [{step: pre, condition: {type: succeeded}}]
        task: {type: manual_approval, prompt: go on?, timeout: 60}
      - name: post
        dependsOn: [{step: ok, condition: {type: succeeded}}]
        task: {type: model_method, modelIdOrName: hello, methodName: execute, inputs: {run: echo post}}
""")
WORKFLOWS = {
    "flow": FLOW,
    "secretflow": one_job(shell("s", "echo ${{ vault.get('sec', 'API_KEY') }}")),
    "cyc": one_job(shell("a", "true", extra="        dependsOn: [{step: b, condition: {type: succeeded}}]\n")
                   + shell("b", "true", extra="        dependsOn: [{step: a, condition: {type: succeeded}}]\n")),
    "selfdep": one_job(shell("a", "true", extra="        dependsOn: [{step: a, condition: {type: succeeded}}]\n")),
    "cycjob": "jobs:\n" + "".join(f"""  - name: {job}
    dependsOn: [{{job: {other}, condition: {{type: succeeded}}}}]
    steps:
{shell(step, "true")}""" for job, other, step in (("j1", "j2", "a"), ("j2", "j1", "b"))),
    "baddep": one_job(shell("a", "true", extra="        dependsOn: [{step: nope, condition: {type: succeeded}}]\n")),
    "dupstep": one_job(shell("a", "true") + shell("a", "true")),
    "failing": one_job(shell("ok", "echo ok")
                       + shell("bad", "exit 3", extra="        dependsOn: [{step: ok, condition: {type: succeeded}}]\n")
                       + shell("never", "true", extra="        dependsOn: [{step: bad, condition: {type: succeeded}}]\n")
                       + shell("side", "sleep 0.1; echo side", extra="        dependsOn: [{step: ok, condition: {type: succeeded}}]\n")),
    "allowfail": one_job(shell("bad", "exit 3", extra="        allowFailure: true\n")
                         + shell("x", "true", extra="        dependsOn: [{step: bad, condition: {type: completed}}]\n")),
    "needs": "inputs:\n  type: object\n  properties:\n    n: {type: integer}\n    env: {type: string, enum: [dev, prod]}\n  required: [n]\n"
             + one_job(shell("a", "echo ${{ inputs.n }}")),
    "unkmodel": one_job(shell("a", "true", model="nobody")),
    "unktype": one_job("""      - name: a
        task: {type: model_method, modelType: no/such, modelName: x, methodName: run, inputs: {}}
"""),
    "unkmethod": one_job("""      - name: a
        task: {type: model_method, modelIdOrName: hello, methodName: exec, inputs: {run: "true"}}
"""),
    "unkkey": one_job(shell("a", "true", extra="        dependson: []\n")),
    "badexpr": one_job(shell("a", "echo ${{ inputs.( }}")),
    "badassert": one_job("""      - name: a
        task: {type: assert, expr: 1 == 2, message: no, severity: high}
"""),
    "gate": GATE,
    "gate2": GATE,
    "guarded": one_job(shell("g", "echo g", extra="        guard: ${{ 1 == 1 }}\n") + shell("h", "echo h", extra="        dependsOn: [{step: g, condition: {type: succeeded}}]\n")),
    "nested": one_job("""      - name: call
        task: {type: workflow, workflowIdOrName: needs, inputs: {n: 5}}
"""),
    "selfcall": one_job("""      - name: call
        task: {type: workflow, workflowIdOrName: selfcall, inputs: {}}
"""),
    "slow": one_job(shell("s", "sleep 30")),
    "fail1": one_job(shell("bad", "exit 1")),
    "nojobs": "jobs: []\n",
    "invalid": "jobs: [\n",
}
class Situation:
    def __init__(self, folder):
        self.folder = folder
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("SWAMP_")}
        self.env["PATH"] = f"{swamp.parent}:{self.env['PATH']}"
        self.env["HOME"] = str(folder)

    def run(self, line, stdin=""):
        return subprocess.run(shlex.split(line), cwd=self.folder, env=self.env, input=stdin, capture_output=True, text=True, timeout=60)

    def do(self, *lines):
        for line in lines:
            done = self.run(line)
            if done.returncode != 0:
                sys.exit(f"{line}: exit {done.returncode}\n{done.stdout}{done.stderr}")

    def fail(self, line):
        if self.run(line).returncode == 0:
            sys.exit(f"{line}: succeeded")

    def write(self, name):
        path = self.folder / f"workflows/workflow-{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(workflow(name, 1 + list(WORKFLOWS).index(name), WORKFLOWS[name]))


def docs(text):
    decoder, at, found = json.JSONDecoder(), 0, []
    text = text.strip()
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        while at < len(text) and text[at].isspace():
            at += 1
    return found


def type_of(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string"


class Comparison:
    """Where ours differs, as (pointer, what)."""

    def __init__(self):
        self.found = []

    def tell(self, at, what):
        self.found.append((at or "/", what))

    def compare(self, at, wanted, got):
        if wanted == "map":
            wanted = "map" if isinstance(got, dict) else {}
        if wanted == "map":
            return None
        if isinstance(wanted, dict):
            return self.compare_map(at, wanted, got)
        if isinstance(wanted, list):
            return self.compare_list(at, wanted, got)
        if isinstance(got, (dict, list)):
            return self.tell(at, f"a {type(got).__name__}, not {wanted}")
        if wanted.startswith("="):
            shown = got if isinstance(got, str) else json.dumps(got)
            if shown != wanted[1:]:
                self.tell(at, f"{shown!r}, not {wanted[1:]!r}")
        elif type_of(got) != wanted and not (wanted == "number" and type_of(got) == "integer"):
            self.tell(at, f"a {type_of(got)}, not {wanted}")

    def compare_map(self, at, wanted, got):
        if not isinstance(got, dict):
            return self.tell(at, f"{type_of(got)}, not a map")
        for key, value in wanted.items():
            if key in got:
                self.compare(f"{at}/{key}", value, got[key])
            else:
                self.tell(f"{at}/{key}", "missing")
        for key in got:
            if key not in wanted:
                self.tell(f"{at}/{key}", "added")
        both = [key for key in got if key in wanted]
        if both != [key for key in wanted if key in got]:
            self.tell(at, f"order {both}")

    def compare_list(self, at, wanted, got):
        if not isinstance(got, list):
            return self.tell(at, f"{type_of(got)}, not a list")
        cut = bool(wanted) and wanted[-1] == "…"
        items = wanted[:-1] if cut else wanted
        if not cut and len(items) != len(got):
            self.tell(at, f"{len(got)} items, not {len(items)}")
        for index, (one, other) in enumerate(zip(items, got)):
            self.compare(f"{at}/{index}", one, other)



def with_ties_broken(document):
    """Data of one millisecond, of which none is newer, in the order in which the original found itself: reports by name, what is
    for machines first."""
    results = document.get("results") if isinstance(document, dict) else None
    if results and all(isinstance(one, dict) and {"createdAt", "lifetime", "name"} <= one.keys() for one in results):
        results.sort(key=lambda one: (one["name"].removesuffix("-json"), not one["name"].endswith("-json")))
        results.sort(key=lambda one: one["createdAt"], reverse=True)
    return document


class Checks:
    def __init__(self, situation):
        self.situation = situation
        self.waiting = {}
        for entry in recorded:
            self.waiting.setdefault(entry["line"], []).append(entry)
        self.problems = []
        self.used = set()

    def check(self, line, stdin=""):
        """Runs what was recorded under this line next, and compares."""
        key = f"swamp {line} --json" + (f"\n[stdin]\n{stdin}" if stdin else "")
        entry = self.waiting[key].pop(0)
        done = self.situation.run(f"swamp {line} --json", stdin)
        comparison = Comparison()
        if done.returncode != entry["exit"]:
            comparison.tell("exit", f"{done.returncode}, not {entry['exit']}")
        for stream, text in (("stdout", done.stdout), ("stderr", done.stderr)):
            got = [with_ties_broken(document) for document in docs(text)]
            comparison.compare_list(f"{stream}", entry.get(stream, []), got)
        unexpected = [(at, what) for at, what in comparison.found if not self.is_known(line, at, what)]
        if unexpected:
            self.problems.append(f"swamp {line}\n" + "".join(f"    {at}: {what}\n" for at, what in unexpected))
            if given.show:
                self.problems[-1] += done.stdout + done.stderr

    def is_known(self, line, at, what):
        for index, (lines, pointers, reason) in enumerate(DEPARTURES):
            if re.search(lines, line) and re.search(pointers, f"{at}: {what}"):
                self.used.add(index)
                return True
        return False


# What differs on purpose: command lines, places, and why; docs/compatibility.md tells users of the same.
REFUSED = "^workflow run (cyc|selfdep|cycjob|baddep|dupstep|unktype|unkmethod|selfcall)$"
DEPARTURES = [
    ("", "^stderr/0/(code|kind|where|notes|hint|details): added", "every error has the same keys"),
    ("^version$", "^stdout/0/version: ", "the version is our own"),
    ("^model get( hello --nope)?$", "^exit: 2", "every usage error ends with 2"),
    ("^model search$", "^stdout/0/results/./name: ", "lists are in the order of names"),
    ("^model (type|method) describe", "/properties/truncated: added", "long output is cut in 'result'"),
    ("^model create @nobody/thing x$", "^stdout: 0 items", "nothing is fetched from a registry"),
    ("^model method run", "/dataArtifacts/./version: added", "a version can be asked for"),
    ("^model method run", "/reports/@swamp/method-summary/(markdown|json): missing", "bodies of reports need --verbose"),
    ("exit 3'$", "^(stdout: 1|stderr: 0) items", "a failed call has its document"),
    ("^model method run hello execute( --input run=true --input timeout=abc)?$", "/code: 'validation_failed'",
     "arguments that do not fit are told from a method that fails"),
    ("^model output get hello$", "/logFile: added", "the log can be found"),
    ("^workflow get flow$", "/forEach: added", "nothing of a step is left out"),
    ("^data list --workflow flow$", "/groups/2/items/", "by step, then in the order of writing"),
    ("^workflow run", "/reports/./(markdown|json): missing", "bodies of reports need --verbose"),
    ("^workflow run", "/reports/./(dataName|version|job|step): added", "where a report is stored"),
    ("^workflow history get", "^stdout/0/reports: added", "where a report is stored"),
    ("^run history$", "/pid: a null", "a process that is gone has no pid"),
    ("^data query 'modelName", "/lifecycle: added", "deleted data can be asked for"),
    ("^data query 'attributes", "^stdout/0/skipped: added", "records on which a predicate fails are counted"),
    ("^vault (create|get|describe)", "/config/base_dir: missing", "a vault follows its repository"),
    (REFUSED, "^stdout: 0 items", "what cannot run is refused"),
    (REFUSED, "^stderr: 1 items", "what cannot run is refused"),
    ("^workflow run baddep$", "^exit: 1", "what cannot run is refused"),
    ("^workflow validate dupstep$", "/validations/2/(where|hint|problems): added", "findings have a place"),
    ("^workflow validate badexpr$", "(^exit: 1|/passed: 'false')", "expressions are checked"),
    ("^workflow (run|history get) (failing|allowfail)$", "/steps/./dataArtifacts: added", "a failed command keeps what it printed"),
    ("^workflow (run|history get) failing$", "/steps/2/(status: 'skipped'|reason: added)", "nothing is left pending"),
    ("^workflow history logs failing$", "/lines: ", "the log tells of steps too"),
    ("^workflow run nested$", "/reports/./(name|scope): ", "reports of a nested run are in its own document"),
    ("^workflow run slow", "/reports: 0 items", "a call that ran out of time has no report"),
    ("^workflow (run|history get) (slow|guarded)", "/steps/./reason: added", "why a step failed or was skipped"),
]


def main():
    with tempfile.TemporaryDirectory(prefix="swamp-documents-") as base:
        situation = Situation(pathlib.Path(base))
        checks = Checks(situation)
        check, do = checks.check, situation.do
        do("swamp init --tool none")
        check("version")
        check("workflow run x")
        check("repo init")
        check("model type search")
        check("model type describe command/shell")
        check("model create command/shell worker")
        do("swamp model create command/shell hello")
        check("model create command/shell hello")
        check("model get hello")
        check("model search")
        check("model validate hello")
        check("model method run hello execute --input 'run=echo hi; echo oops >&2'")
        check("model method run hello execute --input 'run=echo before; exit 3'")
        check("model method run hello execute --input 'run=echo $A $PWD' --input 'env:json={\"A\":\"b\"}' --input workingDir=/tmp")
        check("model method run hello execute --stdin", stdin='{"run":"echo from stdin"}')
        check("model method run hello execute --input '{\"run\":\"echo j\"}'")
        check("model method run hello execute")
        check("model method run hello execute --input run=true --input timeout=abc")
        check("model method run hello execute --input run=true --input bogus=1")
        check("model method run hello nope --input run=true")
        check("model method run nobody execute --input run=true")
        check("model create no/such-type x")
        check("model create @nobody/thing x")
        check("model type describe nope/nope")
        for _ in range(4):
            situation.fail("swamp model method run hello execute --input run=false")
        check("model method history search hello")
        check("model output search")
        check("model output get hello")
        check("model output logs hello")
        check("model output data hello")
        check("model method describe hello execute")
        check("frobnicate")
        check("model get hello --nope")
        check("model get")
        check("workflow create flow")
        situation.write("flow")
        check("workflow validate flow")
        check("workflow get flow")
        check("workflow search")
        check("workflow run flow --input who=you")
        check("workflow run flow --input 'hosts:json=[\"x\"]'")
        for _ in range(4):
            do("swamp workflow run flow")
        check("workflow history search")
        check("workflow history get flow")
        check("workflow history logs flow")
        for _ in range(4):
            do("swamp model method run hello execute --input run=true")
        check("run history")
        do("swamp workflow run flow")
        check("workflow schema get")
        check("data list hello")
        check("data get hello result")
        check("data list --workflow flow")
        check("data versions hello result")
        check("data search")
        check("data query 'modelName == \"hello\"'")
        check("data query 'dataType == \"resource\"' --select 'name'")
        check("data query 'attributes.exitCode == 0' --select '{\"m\": modelName, \"out\": attributes.stdout}'")
        check("data query 'modelName ==='")
        check("data get hello nothing")
        check("data get nobody result")
        check("data gc --dry-run")
        check("vault type search")
        check("vault create local_encryption sec2")
        check("vault create nope x")
        do("swamp vault create local_encryption sec", "swamp vault put sec API_KEY=hunter2secret")
        check("vault put sec TOKEN", stdin="tok-from-stdin\n")
        check("vault get sec")
        check("vault list-keys sec")
        check("vault read-secret sec API_KEY --force")
        check("vault search")
        check("vault describe sec")
        for name in ("secretflow", "cyc", "selfdep", "cycjob", "baddep", "dupstep", "failing", "allowfail", "needs", "unkmodel", "unktype",
                     "unkmethod", "unkkey", "badexpr", "badassert", "gate", "guarded", "nested", "selfcall", "slow"):
            situation.write(name)
        check("workflow run secretflow")
        check("workflow run nosuch")
        check("workflow validate nosuch")
        for name in ("cyc", "selfdep", "cycjob", "baddep", "dupstep"):
            if name not in ("selfdep", "cycjob"):
                check(f"workflow validate {name}")
            check(f"workflow run {name}")
        check("workflow run failing")
        check("workflow history get failing")
        check("workflow history logs failing")
        check("workflow run allowfail")
        check("workflow run needs")
        check("workflow run needs --input n=abc")
        check("workflow run needs --input n=0")
        check("workflow run needs --input n=2 --input env=qa")
        check("workflow run needs --input n=2 --input zzz=1")
        check("workflow run needs --input n=2")
        for name in ("unkmodel", "unktype", "unkmethod", "unkkey", "badexpr"):
            check(f"workflow validate {name}")
            check(f"workflow run {name}")
        check("workflow run badassert")
        check("workflow run gate")
        do("swamp workflow run gate")
        check("workflow approvals")
        check("workflow run guarded")
        check("workflow run nested")
        check("workflow run selfcall")
        check("workflow run slow --timeout 2")
        check("workflow history get slow")
        check("workflow create deploy/../evil")
        situation.write("nojobs")
        situation.write("invalid")
        check("workflow run nojobs")
        check("workflow validate invalid")
        check("workflow run invalid")
        check("workflow validate")
        check("workflow")
        check("model delete worker --force")
        check("workflow delete guarded --force")
        unused = [DEPARTURES[i][2] for i in range(len(DEPARTURES)) if i not in checks.used]
        checks.problems += [f"no longer a departure: {reason}" for reason in unused]
        print("\n".join(checks.problems) if checks.problems else "every document has what the original's had")
        return 1 if checks.problems else 0


if __name__ == "__main__":
    sys.exit(main())
