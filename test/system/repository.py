"""A repository of its own for a system test, and what must hold of any repository whatever was done to those who wrote in it."""
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("SWAMP_")} | {"NO_COLOR": "1"}


class Repository:
    def __init__(self, swamp, base, workflows=()):
        self.swamp = swamp
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=base))
        assert self.call("init", "--tool", "none").returncode == 0
        for name, text in dict(workflows).items():
            self.write(f"workflows/workflow-{name}.yaml", text)

    def write(self, path, text):
        (self.folder / path).write_text(text)

    def call(self, *words, timeout=120, env=None, **more):
        more = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True} | more
        return subprocess.run([self.swamp, *words], cwd=self.folder, env=ENVIRONMENT | (env or {}), timeout=timeout, **more)

    def start(self, *words, env=None, **more):
        more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | more
        return subprocess.Popen([self.swamp, *words], cwd=self.folder, env=ENVIRONMENT | (env or {}), **more)

    def json(self, *words):
        done = self.call(*words, "--json")
        if done.returncode != 0:
            said = done.stderr.strip() or " ".join(re.findall('"error": (".*")', done.stdout))
            raise AssertionError(f"'swamp {' '.join(words)} --json': {done.returncode} {said}")
        return json.loads(done.stdout)

    def has_record(self):
        return any((self.folder / ".swamp/workflow-runs").rglob("workflow-run-*.yaml"))

    def data_problems(self):
        """A version is there whole or not at all, and no `latest` points to nothing."""
        problems = []
        for metadata in (self.folder / ".swamp/data").rglob("metadata.yaml"):
            text = metadata.read_text()
            raw = metadata.parent / "raw"
            if not raw.exists():
                problems.append(f"{metadata.parent}: metadata without content")
                continue
            content = raw.read_bytes()
            if _field(text, "size") != str(len(content)):
                problems.append(f"{metadata.parent}: {len(content)} bytes, metadata says {_field(text, 'size')}")
            if _field(text, "checksum") != hashlib.sha256(content).hexdigest():
                problems.append(f"{metadata.parent}: checksum differs")
        for latest in (self.folder / ".swamp/data").rglob("latest"):
            if latest.is_file() and not (latest.parent / latest.read_text() / "metadata.yaml").exists():
                problems.append(f"{latest} points to '{latest.read_text()}', which is not there")
        return problems

    def record_problems(self, run):
        """Every version that a run lists is there; data that ended with the run need not be."""
        names = {(p.parent.parent.name, int(p.parent.name)) for p in (self.folder / ".swamp").rglob("metadata.yaml")}
        has_ended = run["status"] in ("succeeded", "failed", "cancelled")
        return [f"step {step['name']} lists {artifact['name']} v{artifact['version']}, which is gone"
                for step in steps_of(run) for artifact in step.get("dataArtifacts", [])
                if (artifact["name"], artifact["version"]) not in names
                and not (has_ended and artifact["tags"].get("lifetime") == "ephemeral")]


def _field(text, name):
    found = re.search(rf"^{name}: '?([^'\n]+)'?$", text, re.M)
    return found.group(1) if found else None


def steps_of(run):
    return [step | {"name": f"{job['name']}/{step['name']}"} for job in run["jobs"] for step in job["steps"]]


def marked_processes(run_ids, folder):
    """Processes that one of these runs of the repository started, or that descend from such: (process, command line)."""
    place = folder.stat()
    repository = f"SWAMP_REPO_ID={place.st_dev:x}-{place.st_ino:x}".encode()
    marks = [f"SWAMP_RUN={run}".encode() for run in run_ids]
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            variables = (process / "environ").read_bytes().split(b"\0")
            if repository in variables and any(mark in variables for mark in marks):
                found.append((int(process.name), (process / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()))
        except OSError:
            pass  # it has ended, or is none of ours
    return [(pid, line) for pid, line in found if line]  # one without a command line is dead already


def kill(processes):
    """So that a test that fails leaves nothing behind."""
    for process, _ in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass


def schema_problems(checker, schema, documents):
    """What is wrong with documents, each given as (what it is, document)."""
    done = subprocess.run([checker, schema], input="".join(json.dumps(document) + "\n" for _, document in documents),
                          capture_output=True, text=True)
    if done.returncode not in (0, 1):
        return [done.stderr]
    problems = []
    for line in done.stdout.splitlines():
        number, problem = line.split(": ", 1)
        problems.append(f"{documents[int(number) - 1][0]}: not a run document: {problem}")
    return problems
