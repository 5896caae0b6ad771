#!/usr/bin/env python3
"""Text that looks like an expression comes from everywhere but from a file that a person wrote, and stays text.

The text would fetch a secret from a vault that records every read. It comes in as an input (option, file, standard input), from the
environment, from stored data, from a file of a model, as items of a loop, as the input of a nested run, in the definition that a run
makes; through a gate and a crash. Wherever it arrives it must be what it was, and nobody may have read the secret.
At the end an expression that a person wrote reads it: that is the proof that a read would have been seen.

    foreign_expressions.py --swamp PATH"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

TEXT = "${{ vault.get('main', 'TOKEN') }}"
NESTED = "${{ data.latest('box', 'result').attributes.stdout + '}}' }} and {{ x }}"
SECRET = "hunter2-very-secret"


def shell(run, **inputs):
    return {"type": "model_method", "modelType": "command/shell", "modelName": "box", "methodName": "execute", "inputs": {"run": run, **inputs}}


def say(expression):
    """A step that prints what an expression yields, and nothing of how the shell would read it."""
    return shell('printf "<%s>\\n" "$V"', env={"V": f"${{{{ {expression} }}}}"})


def steps(*tasks):
    """Steps one after another."""
    made = []
    for at, task in enumerate(tasks):
        step = {"name": f"s{at}", "task": task}
        if isinstance(task, tuple):
            step = {"name": f"s{at}", **task[0], "task": task[1]}
        if at > 0:
            step["dependsOn"] = [{"step": made[-1]["name"], "condition": {"type": "succeeded"}}]
        made.append(step)
    return made


def workflow(ident, name, tasks, **more):
    return {"id": f"00000000-0000-4000-8000-{ident:012d}", "name": name, "version": 1, "jobs": [{"name": "main", "steps": steps(*tasks)}], **more}


INPUTS = {"properties": {"text": {"type": "string"}, "list": {"type": "array"}, "map": {"type": "object"}}}
FIRST = "data.query('workflowRunId == \"' + run.id + '\" && stepName == \"s0\" && name == \"result\" && version > 0'"
WORKFLOWS = [
    workflow(1, "inputs", [say("inputs.text"), say("inputs.list[0]"), say("inputs.map.deep"), say("'a' + inputs.text"),
                           shell("cat > out <<'EOF'\n${{ inputs.text }}\nEOF\ncat out")], inputs=INPUTS),
    workflow(2, "environment", [say("env.FOREIGN"), shell('printf "<%s>\\n" "$FOREIGN"')]),
    # The first step stores the text; the others read it back in every way there is.
    workflow(3, "data", [shell('printf "%s" "$V"', env={"V": "${{ inputs.text }}"}),
                         say("data.latest('box', 'result').attributes.stdout"),
                         say("data.version('box', 'result', data.step('s0').filter(r, r.name == 'result')[0].version).attributes.stdout"),
                         say("data.findBySpec('box', 'result').filter(r, r.attributes.stdout != '')[0].attributes.stdout"),
                         say(f"{FIRST})[0].attributes.stdout"),
                         say(f"{FIRST}, 'attributes.stdout')[0]"),
                         say("file.contents('box', 'log')"),
                         say("data.step('s0').filter(r, r.name == 'result')[0].attributes.stdout"),
                         say("model.box.resource.result.result.attributes.stdout")], inputs=INPUTS),
    workflow(4, "loop", [({"forEach": {"item": "x", "in": "${{ inputs.list }}"}, "name": "each-${{ self.x }}"}, say("self.x"))], inputs=INPUTS),
    workflow(5, "parent", [{"type": "workflow", "workflowIdOrName": "inputs", "inputs": {
        "text": "${{ inputs.text }}", "list": "${{ inputs.list }}", "map": "${{ inputs.map }}"}}], inputs=INPUTS),
    workflow(6, "gated", [say("inputs.text"), {"type": "manual_approval", "prompt": "is ${{ inputs.text }} right?"}, say("inputs.text"),
                          say("inputs.list[0]"), {"type": "workflow", "workflowIdOrName": "inputs", "inputs": {
                              "text": "${{ inputs.text }}", "list": "${{ inputs.list }}", "map": "${{ inputs.map }}"}},
                          say("data.step('s0').filter(r, r.name == 'result')[0].attributes.stdout"),
                          say("data.latest('box', 'result').attributes.stdout"), say("file.contents('box', 'log')")], inputs=INPUTS),
    workflow(7, "killed", [say("inputs.text"), shell("[ -e go ] || { touch waiting; sleep 60; }; printf '<%s>\\n' \"$V\"", env={"V": "${{ inputs.text }}"}),
                           say("inputs.list[0]"), say("data.step('s0')[0].attributes.stdout"), say("file.contents('box', 'log')")], inputs=INPUTS),
    # A definition that the run makes, with the text in its global arguments.
    workflow(8, "makes", [{"type": "model_method", "modelType": "command/shell", "modelName": "made", "methodName": "execute",
                           "globalArgs": {"env": {"V": "${{ inputs.text }}"}}, "inputs": {"run": 'printf "<%s>\\n" "$V"'}}], inputs=INPUTS),
    workflow(9, "control", [shell('printf "<%s>\\n" "$V"', env={"V": TEXT})]),
    workflow(10, "definition", [{"type": "model_method", "modelIdOrName": "echoer", "methodName": "execute", "inputs": {"token": "${{ inputs.text }}"}}],
             inputs=INPUTS),
]
ECHOER = {"type": "command/shell", "typeVersion": "2026.02.09.1", "id": "00000000-0000-4000-8000-000000000099", "name": "echoer", "version": 1, "tags": {},
          "inputs": {"properties": {"token": {"type": "string"}}, "required": ["token"]}, "globalArguments": {},
          "methods": {"execute": {"arguments": {"run": 'printf "<%s>\\n" "$V"', "env": {"V": "${{ inputs.token }}"}}}}}

problems = []


class Repository:
    def __init__(self, swamp, folder):
        self.swamp = swamp
        self.folder = folder
        self.environment = {**{k: v for k, v in os.environ.items() if not k.startswith("SWAMP_")}, "NO_COLOR": "1", "FOREIGN": TEXT}
        self.must("init", "--tool", "none")
        self.must("vault", "create", "local_encryption", "main", "--audit-reads")
        self.must("vault", "put", "main", "TOKEN", stdin=SECRET)
        for made in WORKFLOWS:
            (folder / f"workflows/workflow-{made['name']}.yaml").write_text(json.dumps(made))
        (folder / "models/command/shell").mkdir(parents=True, exist_ok=True)
        (folder / "models/command/shell/echoer.yaml").write_text(json.dumps(ECHOER))

    def call(self, *words, stdin=""):
        return subprocess.run([self.swamp, *words], cwd=self.folder, env=self.environment, input=stdin, capture_output=True, text=True, timeout=120)

    def must(self, *words, stdin=""):
        done = self.call(*words, stdin=stdin)
        if done.returncode != 0:
            sys.exit(f"swamp {' '.join(words)} ends with {done.returncode}: {done.stderr}{done.stdout}")
        return done.stdout

    def reads(self):
        """How often a secret was read, as the vault's audit trail has it."""
        lines = [json.loads(line) for file in (self.folder / ".swamp/audit").glob("vault-audit-*.jsonl") for line in file.read_text().splitlines()]
        return sum(line["action"] == "get" for line in lines)


def check(repository, what, printed, text=TEXT, times=1):
    """The text has arrived `times` times, and nothing was fetched or evaluated."""
    count = printed.count(f"<{text}>")
    if count < times:
        problems.append(f"{what}: '{text}' arrives {count} times instead of {times} in\n{printed}")
    if SECRET in printed or "***" in printed:
        problems.append(f"{what}: the secret was fetched:\n{printed}")
    if repository.reads() != 0:
        problems.append(f"{what}: the vault was read {repository.reads()} times")


def log_of(repository, name):
    return repository.must("workflow", "history", "logs", name)


def inputs_of(text):
    return {"text": text, "list": [text], "map": {"deep": text, text: "a key"}}


def play(repository):
    for text in (TEXT, NESTED):
        inputs = inputs_of(text)
        as_json = json.dumps(inputs)
        options = ["--input", f"text={text}", "--input", f"list:json={json.dumps([text])}", "--input", f"map:json={json.dumps(inputs['map'])}"]
        (repository.folder / "inputs.json").write_text(as_json)
        (repository.folder / "inputs.yaml").write_text(as_json)
        check(repository, "options", repository.must("workflow", "run", "inputs", *options), text, 3)
        check(repository, "a JSON option", repository.must("workflow", "run", "inputs", "--input", as_json), text, 3)
        check(repository, "a JSON file", repository.must("workflow", "run", "inputs", "--input-file", "inputs.json"), text, 3)
        check(repository, "a YAML file", repository.must("workflow", "run", "inputs", "--input-file", "inputs.yaml"), text, 3)
        check(repository, "standard input", repository.must("workflow", "run", "inputs", "--stdin", stdin=as_json + "\n"), text, 3)
        check(repository, "stored data", repository.must("workflow", "run", "data", *options), text, 6)
        check(repository, "items of a loop", repository.must("workflow", "run", "loop", *options), text)
        check(repository, "a nested run", repository.must("workflow", "run", "parent", *options), text, 3)
        check(repository, "a definition's input", repository.must("workflow", "run", "definition", *options), text)
        check(repository, "an input of a method", repository.must("model", "method", "run", "echoer", "execute", "--input", f"token={text}"), text)

        # Twice: the second run reads the definition that the first has made.
        check(repository, "a definition that a run makes", repository.must("workflow", "run", "makes", *options), text)
        check(repository, "a definition that a run has made", repository.must("workflow", "run", "makes", *options), text)
        check(repository, "its method", repository.must("model", "method", "run", "made", "execute", "--input", 'run=printf "<%s>\\n" "$V"'))

        repository.must("workflow", "run", "gated", *options)
        asked = repository.must("workflow", "approvals", "--json")
        if json.dumps(f"is {text} right?") not in asked:
            problems.append(f"a prompt: '{text}' is not in {asked}")
        repository.must("workflow", "approve", "gated", "s1")
        check(repository, "behind a gate", repository.must("workflow", "resume", "gated"), text, 8)

        for name in ("go", "waiting"):
            (repository.folder / name).unlink(missing_ok=True)
        process = subprocess.Popen([repository.swamp, "workflow", "run", "killed", *options], cwd=repository.folder, env=repository.environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not (repository.folder / "waiting").exists() and time.monotonic() < until and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.wait()
        (repository.folder / "go").touch()
        check(repository, "after a crash", repository.must("workflow", "resume", "killed"), text, 4)
        check(repository, "the log of a crashed run", log_of(repository, "killed"), text, 2)
        check(repository, "a text to evaluate", "<" + repository.must("expr", "eval", "inputs.text", *options).strip() + ">", text)

    check(repository, "the environment", repository.must("workflow", "run", "environment"), TEXT, 2)
    check(repository, "the environment of a model", repository.must("expr", "eval", "'<' + env.FOREIGN + '>'"))

    repository.must("workflow", "run", "control")
    if repository.reads() != 1:
        problems.append(f"the control was read {repository.reads()} times instead of once")


arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
options = arguments.parse_args()
with tempfile.TemporaryDirectory(prefix="swamp-foreign-") as made:
    play(Repository(str(pathlib.Path(options.swamp).resolve()), pathlib.Path(made)))
print("\n".join(problems))
print(f"{len(problems)} problems")
sys.exit(1 if problems else 0)
