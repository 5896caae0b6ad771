#!/usr/bin/env python3
"""Plants secrets wherever a run can take them, and searches everything that is left and everything that was printed.

A workflow hands secrets of all kinds to commands, files, inputs, nested runs and expressions that fail; the commands print them in
clear and encoded, whole and in small chunks. It is run for eyes, for machines, on a terminal, as a report for CI; killed and resumed;
suspended at a gate; and asked about afterwards. No secret may be found, in any form, in any file or output.

A value that no vault holds goes the same way and must be found: that is the proof that the search can find.

    hostile_secrets.py --swamp PATH
    hostile_secrets.py --emit NAME…    what the commands of the workflow do: print variables in every form"""
import argparse
import base64
import json
import os
import pathlib
import pty
import random
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True  # nothing is left in the source tree
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from secret_forms import Needles, lower_percents  # noqa: E402

SELF = pathlib.Path(__file__).resolve()


def long_text(size):
    draw = random.Random(7)
    return "".join(draw.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(size))


SECRETS = {
    "PLAIN": "hunter2-very-secret-42",
    "QUOTES": "qu\"ote's `back` $HOME \\slash\\ %41 & <tag>",
    "UNICODE": "pässwörd-ключ-🔐-値",
    "CONTROL": "ctl\x01\x02\x1b[31mred\x07\ttab-end",
    "LINES": "-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA7v1\nq0Zk/8d+Ww3J==second\n\n  indented-line-three\n-----END KEY-----",
    "JSON": '{"type": "account", "key": "abc/def+ghi==", "n": [1, 2]}',
    "SHELL": "$(touch injected)`touch injected`\"; touch injected; '; touch injected #\\",
    "URL": "a b&c=d/e?f#g%h+i~j!k*(l)'m",
    "BASE64": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY==",
    "THREE": "q#Z",
    "TWO": "zq",
    "MIDDLE": long_text(5000),
    "LONG": long_text(100_000),
}
EVERY_WAY = ("PLAIN", "QUOTES", "LINES", "SHELL")  # those that take every way there is; the others are only printed
IN_EXPRESSIONS = ("QUOTES", "LINES")  # and those that go through all expressions that fail
PUBLIC = 'public-"value"-that-no-vault-holds\nits-second-line/with?signs&more=%20'  # the negative control


def emit(names):
    """Prints each variable in every form, on both streams, whole and in chunks."""
    for name in names:
        text = os.environ[name]
        data = text.encode()
        forms = [text, json.dumps(text), json.dumps(text, ensure_ascii=False), json.dumps({"nested": json.dumps({"k": text})}),
                 data.hex(), data.hex().upper()]
        for quoted in (urllib.parse.quote(text, safe=""), urllib.parse.quote(text), urllib.parse.quote_plus(text)):
            forms += [quoted, lower_percents(quoted)]
        for before in ("", "u", "us", "user:"):
            whole = (before + text + "tail").encode()
            forms += [base64.b64encode(whole).decode(), base64.urlsafe_b64encode(whole).decode(), base64.encodebytes(whole).decode()]
        forms += [f"> {line}" for line in text.split("\n")]
        forms += [data.hex()[at:at + 60] for at in range(0, len(data) * 2, 60)]  # as xxd -p breaks its lines
        for stream in (1, 2):
            os.write(stream, ("\n".join(forms) + "\n").encode())
            for size in (1, 3, 7) if len(data) < 500 else (999, 65_535):
                for at in range(0, len(data), size):
                    os.write(stream, data[at:at + size])
                os.write(stream, b"\n")


# --- the repository ---

def vault(name):
    return f"vault.get('main', '{name}')"


def shell(run, **more):
    return {"type": "model_method", "modelType": "command/shell", "methodName": "execute", "inputs": {"run": run, **more}}


def after(*steps):
    return [{"step": name, "condition": {"type": "completed"}} for name in steps]


EMIT = f"exec python3 {shlex.quote(str(SELF))} --emit S"
# Expressions that fail, and whose messages could tell what they fail on.
FAILING = ["int({})", "double({})", "bool({})", "timestamp({})", "duration({})", "ip({})", "cidr({})", "base64.decode({})", "bytes({}).json()",
           "'x'.matches({})", "'x'.format([{}])", "'%d'.format([{}])", "{{'a': 1}}[{}]", "[1][{}]", "{} + 1", "{}.nothing", "inputs[{}]", "{{{}: 1}}",
           "vault.get('main', {})", "vault.get({}, 'x')", "data.latest({}, 'x').attributes", "data.query({})", "hashFiles({})", "model[{}].input",
           "file.contents({}, 'x').size()", "timestamp(0).getHours({})", "{}.charAt(1000000)", "{}.substring(5, 1)", "size({}) / 0", "env[{}]"]


def steps_for(name):
    """One step for each way a secret can take."""
    secret = f"${{{{ {vault(name)} }}}}"
    steps = [
        ("env", shell(EMIT, env={"S": secret})),
        ("run", shell(f'printf "%s\\n" "{secret}"; printf "%s" {secret} | od -An -tx1; printf "%s\\n" "{secret}" >&2; exit 3')),
        ("computed", shell(f'printf "%s" "${{{{ base64.encode(bytes({vault(name)} + "x")) }}}} ${{{{ {vault(name)}.split("e").join("e") }}}}"')),
        ("file", shell(f'cat "/nowhere/{secret}" < "/nowhere/{secret}"')),
        ("folder", shell("true", workingDir=f"/nowhere/{secret}")),
        ("input", {"type": "model_method", "modelIdOrName": "echoer", "methodName": "execute", "inputs": {"token": secret}}),
        ("global", {"type": "model_method", "modelType": "command/shell", "methodName": "execute", "globalArgs": {"env": {"S": secret}},
                    "inputs": {"run": EMIT}}),
        ("nested", {"type": "workflow", "workflowIdOrName": "child", "inputs": {"token": secret, "deep": {"list": [secret]}}}),
        ("assert", {"type": "assert", "expr": f"{vault(name)} == 'something else'", "message": f"it was {secret}"}),
        ("unknown", {"type": "model_method", "modelIdOrName": "echoer", "methodName": "execute", "inputs": {"token": secret, "wrong": secret}}),
        ("model", {"type": "model_method", "modelIdOrName": f"m-{secret}", "methodName": "execute"}),
        ("type", shell(f"true", timeout=f"{secret}")),
        ("name", None),
        ("each", shell('printf "%s\\n" "${{ self.item }}"')),
        ("guard", shell("true")),
        ("vary", shell(EMIT, env={"S": secret})),
    ]
    made = []
    for way, task in steps if name in EVERY_WAY else steps[:1]:
        step = {"name": f"{way}-{name}", "task": task, "allowFailure": True}
        if way == "name":
            step |= {"name": f"name-{name}-{secret}", "task": shell("true")}
        if way == "each":
            step |= {"name": f"each-{name}-${{{{ self.item }}}}", "forEach": {"item": "item", "in": f"${{{{ [{vault(name)}] }}}}"}}
        if way == "guard":
            step["guard"] = f"${{{{ {vault(name)}.nothing }}}}"
        if way == "vary":
            step["dataOutputOverrides"] = [{"specName": "result", "vary": ["env"]}]
        made.append(step)
    # All failing expressions of one secret, each in a step of its own.
    for at, failing in enumerate(FAILING if name in IN_EXPRESSIONS else []):
        made.append({"name": f"fails-{name}-{at}", "allowFailure": True, "task": shell(f"echo ${{{{ {failing.format(vault(name))} }}}}")})
    return made


def workflow(ident, name, steps, **more):
    return {"id": f"00000000-0000-4000-8000-{ident:012d}", "name": name, "version": 1, "jobs": [{"name": "main", "steps": steps}], **more}


CHILD_STEPS = [
    {"name": "say", "allowFailure": True, "task": shell('printf "%s\\n" "${{ inputs.token }}"; printf "%s" "${{ inputs.deep.list[0] }}" >&2; exit 1')},
    {"name": "emit", "allowFailure": True, "task": shell(EMIT, env={"S": "${{ inputs.token }}"})},
]
WORKFLOWS = [
    workflow(1, "leak", [step for name in SECRETS for step in steps_for(name)] + [
        {"name": "control", "task": shell(EMIT, env={"S": PUBLIC})}]),
    workflow(2, "child", CHILD_STEPS, inputs={"token": {"type": "string"}, "deep": {"type": "object"}}),
    workflow(5, "small", [step for name in IN_EXPRESSIONS for step in steps_for(name)] + [
        {"name": "control", "task": shell(EMIT, env={"S": PUBLIC})}]),
    # Killed while its second step waits, then resumed.
    workflow(3, "killed", [
        {"name": "first", "task": shell(EMIT, env={"S": f"${{{{ {vault('PLAIN')} }}}}"})},
        {"name": "second", "dependsOn": after("first"), "task": shell(
            f'printf "%s\\n" "${{{{ {vault("LINES")} }}}}" "${{{{ {vault("QUOTES")} }}}}"; [ -e go ] || {{ touch waiting; sleep 60; }}')},
        {"name": "third", "dependsOn": after("second"), "task": {"type": "workflow", "workflowIdOrName": "child", "inputs": {
            "token": f"${{{{ {vault('UNICODE')} }}}}", "deep": {"list": ["x"]}}}},
        {"name": "control", "dependsOn": after("second"), "task": shell(EMIT, env={"S": PUBLIC})}]),
    # Suspended, with secrets before and behind the gate.
    workflow(4, "gated", [
        {"name": "before", "task": shell(EMIT, env={"S": f"${{{{ {vault('BASE64')} }}}}"})},
        {"name": "asked", "allowFailure": True, "task": {"type": "manual_approval", "prompt": f"use ${{{{ {vault('PLAIN')} }}}}?"}},
        {"name": "gate", "dependsOn": after("before"), "task": {"type": "manual_approval", "prompt": "go on?"}},
        {"name": "behind", "dependsOn": after("gate"), "task": {"type": "workflow", "workflowIdOrName": "child", "inputs": {
            "token": f"${{{{ {vault('URL')} }}}}", "deep": {"list": ["x"]}}}},
        {"name": "control", "dependsOn": after("gate"), "task": shell(EMIT, env={"S": PUBLIC})}]),
]
ECHOER = {"type": "command/shell", "typeVersion": "2026.02.09.1", "id": "00000000-0000-4000-8000-000000000099", "name": "echoer", "version": 1, "tags": {},
          "inputs": {"properties": {"token": {"type": "string"}}, "required": ["token"]},
          "globalArguments": {},
          "methods": {"execute": {"arguments": {"run": EMIT, "env": {"S": "${{ inputs.token }}"}}}}}


class Repository:
    def __init__(self, swamp, base):
        self.swamp = swamp
        self.folder = base / "repo"
        self.folder.mkdir()
        for name in ("home", "tmp", "cache"):
            (base / name).mkdir()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(base / "home"), "TMPDIR": str(base / "tmp"), "XDG_CACHE_HOME": str(base / "cache"),
                            "NO_COLOR": "1", "LANG": "C.UTF-8"}
        self.outputs = {}  # what was asked -> everything that was printed
        self.must("init", "--tool", "none")
        self.must("vault", "create", "local_encryption", "main")
        for name, text in SECRETS.items():
            self.must("vault", "put", "main", name, stdin=text.encode())
        for made in WORKFLOWS:
            (self.folder / f"workflows/workflow-{made['name']}.yaml").write_text(json.dumps(made))
        (self.folder / "models/command/shell").mkdir(parents=True, exist_ok=True)
        (self.folder / "models/command/shell/echoer.yaml").write_text(json.dumps(ECHOER))

    def call(self, *words, stdin=b"", limit=900):
        done = subprocess.run([self.swamp, *words], cwd=self.folder, env=self.environment, input=stdin, capture_output=True, timeout=limit)
        self.outputs[f"{len(self.outputs)}: swamp {' '.join(words)}"] = done.stdout + b"\n" + done.stderr
        return done

    def must(self, *words, **more):
        done = self.call(*words, **more)
        if done.returncode != 0:
            sys.exit(f"swamp {' '.join(words)} ends with {done.returncode}: {(done.stderr + done.stdout[-2000:]).decode(errors='replace')}")
        return done

    def on_terminal(self, *words):
        """Runs a command on a terminal of its own and keeps everything that it shows there."""
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.folder)
            os.execve(self.swamp, [self.swamp, *words], {**self.environment, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"})
        shown = bytearray()
        while True:
            readable, _, _ = select.select([terminal], [], [], 300)
            if not readable:
                os.kill(process, signal.SIGKILL)
                sys.exit(f"swamp {' '.join(words)} shows nothing more on its terminal")
            try:
                chunk = os.read(terminal, 65536)
            except OSError:
                break
            if not chunk:
                break
            shown += chunk
        os.waitpid(process, 0)
        self.outputs[f"{len(self.outputs)}: swamp {' '.join(words)} on a terminal"] = bytes(shown)

    def kill_while_waiting(self, *words):
        process = subprocess.Popen([self.swamp, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)
        until = time.monotonic() + 60
        while not (self.folder / "waiting").exists():
            if process.poll() is not None or time.monotonic() > until:
                process.kill()
                sys.exit(f"swamp {' '.join(words)} does not come to its second step: {process.communicate()[0].decode(errors='replace')}")
            time.sleep(0.01)
        process.kill()
        self.outputs[f"{len(self.outputs)}: swamp {' '.join(words)}, killed"] = process.communicate()[0]
        (self.folder / "go").touch()


def ask_about(repository, name):
    """Everything that can be asked about a run."""
    for words in (["workflow", "history", "logs", name], ["workflow", "history", "get", name], ["workflow", "history", "get", name, "--json", "--verbose"],
                  ["workflow", "get", name, "--json"], ["workflow", "run", "search", "--json"], ["run", "history", "--all", "--json"]):
        repository.must(*words)


def play(repository):
    repository.call("workflow", "run", "leak", "--verbose", "--log-level", "trace")
    ask_about(repository, "leak")
    run = ("workflow", "run", "small")
    repository.call(*run, "--json", "--verbose")
    repository.call(*run, "--json", "--stream")
    repository.call(*run, "--junit", "--out", "asserts.xml")
    repository.on_terminal(*run)

    repository.kill_while_waiting("workflow", "run", "killed")
    ask_about(repository, "killed")
    repository.must("workflow", "resume", "killed", "--json", "--stream")
    ask_about(repository, "killed")

    repository.must("workflow", "run", "gated")
    for words in (["workflow", "approvals"], ["workflow", "approvals", "--json"]):
        repository.must(*words)
    ask_about(repository, "gated")
    repository.must("workflow", "approve", "gated", "gate")
    repository.must("workflow", "resume", "gated", "--json")
    ask_about(repository, "gated")

    repository.call("model", "method", "run", "echoer", "execute", "--input-expr", f"token={vault('PLAIN')}")
    repository.call("model", "method", "run", "echoer", "execute", "--input", "token=x", "--json")
    for words in (["model", "output", "search", "--json"], ["model", "output", "get", "echoer", "--json"], ["model", "output", "logs", "echoer"],
                  ["model", "method", "history", "logs", "echoer"], ["data", "query", "true", "--json"], ["data", "list", "echoer", "--json"],
                  ["data", "get", "echoer", "result", "--json"], ["data", "get", "echoer", "log"], ["data", "search", "--json"],
                  ["vault", "list-keys", "main", "--json"], ["vault", "get", "main", "--json"], ["workflow", "validate", "--json"]):
        repository.call(*words)
    for name in SECRETS:
        repository.call("expr", "eval", vault(name))
        repository.call("expr", "eval", f"[{vault(name)}, 'user:' + {vault(name)}]", "--json")
        for failing in FAILING if name in IN_EXPRESSIONS else []:
            repository.call("expr", "eval", failing.format(vault(name)), *(["--json"] if len(failing) % 2 else []))


def problems_of(repository, base):
    needles = Needles(SECRETS)
    problems = [f"{file}: {what}" for file, what in needles.seen_below(base)]
    problems += [f"{path}: a secret was run as a command" for path in base.rglob("injected")]
    for asked, printed in repository.outputs.items():
        problems += [f"{asked} prints {what}" for what in sorted(needles.seen_in(printed))]
    return problems


def control_of(repository, base):
    """What is missing of the value that has to be found: in every form in the data of a run, and printed by a run."""
    needles = Needles({"control": PUBLIC})
    wanted = set(needles.plain.values()) | set(needles.joined.values())
    stored = {what for _, what in needles.seen_below(base / "repo/.swamp")}
    printed = set().union(*(needles.seen_in(output) for output in repository.outputs.values()))
    return [f"the search does not find '{what}' in what is {where}" for where, seen in (("stored", stored), ("printed", printed))
            for what in sorted(wanted - seen)]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--swamp")
    arguments.add_argument("--emit", nargs="+")
    arguments.add_argument("--keep", help="a folder to leave everything in, for looking at it")
    options = arguments.parse_args()
    if options.emit:
        return emit(options.emit)
    with tempfile.TemporaryDirectory(prefix="swamp-secrets-") as made:
        base = pathlib.Path(options.keep or made)
        base.mkdir(exist_ok=True)
        repository = Repository(str(pathlib.Path(options.swamp).resolve()), base)
        play(repository)
        if options.keep:
            (base / "outputs").mkdir()
            for at, printed in enumerate(repository.outputs.values()):
                (base / f"outputs/{at}").write_bytes(printed)
        problems = problems_of(repository, base) + control_of(repository, base)
        files = sum(path.is_file() for path in base.rglob("*"))
    print("\n".join(problems))
    print(f"{len(SECRETS)} secrets, {len(repository.outputs)} commands, {files} files: {len(problems)} problems")
    sys.exit(1 if problems else 0)


main()
