"""Repositories and workflows to measure with."""
import uuid

from measure import run

SHELL = "task: {type: model_method, modelType: command/shell, methodName: execute, inputs: {run: 'true'}}"
ASSERT = "task: {type: assert, expr: 1 + 1 == 2, message: sums work}"
GATE = "task: {type: manual_approval, prompt: go on?}"


def repository(tools, place):
    folder = place.fresh()
    run(tools, [tools.swamp, "init", "--tool", "none"], folder)
    return folder


def step(name, task, after=None):
    lines = [f"      - name: {name}"]
    if after:
        lines.append(f"        dependsOn: [{{step: {after}, condition: {{type: succeeded}}}}]")
    return [*lines, f"        {task}"]


def wide(task, count):
    """Steps that wait for nothing."""
    return [line for i in range(count) for line in step(f"s{i}", task)]


def deep(task, count):
    """Steps that wait for one another."""
    return [line for i in range(count) for line in step(f"s{i}", task, f"s{i - 1}" if i else None)]


def write_workflow(folder, name, steps, concurrency=None):
    lines = [f"id: {uuid.uuid4()}", f"name: {name}", "version: 1", "jobs:", "  - name: main"]
    if concurrency:
        lines.append(f"    concurrency: {concurrency}")
    text = "\n".join([*lines, "    steps:", *steps]) + "\n"
    (folder / f"workflows/workflow-{name}.yaml").write_text(text)


def write_definitions(folder, count):
    target = folder / "models/command/shell"
    target.mkdir(parents=True)
    for i in range(count):
        (target / f"model-{i}.yaml").write_text(
            f"type: command/shell\ntypeVersion: 2026.02.09.1\nid: {uuid.uuid4()}\nname: model-{i}\nversion: 1\ntags: {{}}\n"
            f"globalArguments: {{}}\nmethods:\n  execute:\n    arguments:\n      run: echo {i}\n")


def copy_runs(folder, count):
    """Puts `count` copies of the only run there is on record, each with an id of its own."""
    record = next((folder / ".swamp/workflow-runs").glob("*/workflow-run-*.yaml"))
    text = record.read_text()
    old = record.stem.removeprefix("workflow-run-")
    for _ in range(count):
        new = str(uuid.uuid4())
        (record.parent / f"workflow-run-{new}.yaml").write_text(text.replace(old, new))


def write_ninja(folder, count, after=False):
    lines = ["rule sh", "  command = sh -c true"]
    lines += [f"build s{i}: sh" + (f" s{i - 1}" if after and i else "") for i in range(count)]
    (folder / "build.ninja").write_text("\n".join(lines) + "\n")


def write_makefile(folder, count, after=False):
    lines = ["all: " + " ".join(f"s{i}" for i in range(count))]
    if after:
        lines += [f"s{i}: s{i - 1}" for i in range(1, count)]
    (folder / "Makefile").write_text("\n".join([*lines, "s%:", "\t@sh -c true"]) + "\n")
