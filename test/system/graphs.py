#!/usr/bin/env python3
"""Pictures of workflows are well-formed XML whatever names hold and however large they are; drawings keep to their width; and a dry run
leaves a repository that has data, a catalogue and secrets exactly as it was, also one that cannot be written to."""
import argparse
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import unicodedata
import xml.etree.ElementTree
import zlib

arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
swamp = str(pathlib.Path(arguments.parse_args().swamp).resolve())
SVG = "{http://www.w3.org/2000/svg}"
problems = []


def run(*words, status=0, stdin=None):
    done = subprocess.run([swamp, *words], cwd=folder, capture_output=True, input=stdin or b"", timeout=120,
                          env={**{k: v for k, v in os.environ.items() if k != "SWAMP_REPO_DIR"}, "LC_ALL": "C.UTF-8",
                               "TMPDIR": str(scratch)})
    if done.returncode != status:
        problems.append(f"swamp {' '.join(words)}: exit {done.returncode}\n{done.stderr.decode()[-800:]}")
    return done.stdout.decode()


def expect(what, holds):
    if not holds:
        problems.append(what)


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)


def write(name, jobs):
    document = {"id": f"5b1e5ab8-54f2-4c5d-9a52-{zlib.crc32(name.encode()):012x}", "name": name, "jobs": jobs}
    (folder / "workflows" / f"workflow-{name}.yaml").write_text(json.dumps(document))


def step(name, needs=(), task=None):
    return {"name": name, "task": task or {"type": "assert", "expr": "true", "message": "m"},
            "dependsOn": [{"step": need, "condition": {"type": condition}} for need, condition in needs]}


def picture(name):
    text = run("workflow", "graph", name, "--format", "svg")
    try:
        return xml.etree.ElementTree.fromstring(text)
    except xml.etree.ElementTree.ParseError as error:
        problems.append(f"the picture of {name} is no XML: {error}")
        return xml.etree.ElementTree.Element("svg")


def overlapping(root):
    """Pairs of boxes of steps that share a point."""
    boxes = [tuple(int(rect.get(key)) for key in ("x", "y", "width", "height"))
             for rect in root.iter(f"{SVG}rect") if "step" in (rect.get("class") or "").split()]
    boxes.sort()
    found = 0
    for i, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, _, other_height in boxes[i + 1:]:
            if other_x >= x + width:
                break
            if y < other_y + other_height and other_y < y + height:
                found += 1
    return found


def state_of_repository():
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
            for path in sorted(folder.rglob("*"))}


with tempfile.TemporaryDirectory(prefix="swamp-graphs-") as base:
    folder = pathlib.Path(os.path.realpath(base)) / "repo"
    folder.mkdir()
    scratch = pathlib.Path(base) / "tmp"
    scratch.mkdir()
    run("init", "--tool", "none")

    hostile = ["<script>alert(1)</script>", "a & b \"quoted\" ]]>", "tab\tand\x07bell", "漢字 and é́", "\ufffe\uffff", "-->", "x" * 300]
    write("hostile", [{"name": "job <&>", "steps": [step(name) for name in hostile]}])
    root = picture("hostile")
    expect("names of users become no elements", not list(root.iter(f"{SVG}script")))
    expect("every step has its box", sum("step" in (r.get("class") or "").split() for r in root.iter(f"{SVG}rect")) == len(hostile))
    for width in ("30", "80", "200"):
        for form in ([], ["--compact"], ["--ascii"]):
            drawing = run("workflow", "graph", "hostile", "--width", width, *form)
            expect(f"a drawing {width} wide keeps to it {form}", all(columns(line) <= int(width) for line in drawing.splitlines()))
            expect("no control characters", not any(unicodedata.category(c) == "Cc" and c != "\n" for c in drawing))
            expect("ASCII is ASCII", not form == ["--ascii"] or drawing.isascii())

    # A thousand steps, some waiting for many: everything is drawn, soon.
    dice = random.Random(1)
    steps = [step(f"s{i}", {(f"s{dice.randrange(max(0, i - 30), i)}", dice.choice(["succeeded", "completed"])) for _ in range(min(i, 3))}) for i in range(1000)]
    write("large", [{"name": "main", "steps": steps}])
    began = time.monotonic()
    root = picture("large")
    took = time.monotonic() - began
    expect("no two boxes overlap", overlapping(root) == 0)
    expect("a thousand boxes", sum("step" in (r.get("class") or "").split() for r in root.iter(f"{SVG}rect")) == 1000)
    expect("every edge has a tip", sum("tip" in (p.get("class") or "").split() for p in root.iter(f"{SVG}path"))
           == sum(len({tuple(d["condition"].values()) + (d["step"],) for d in s["dependsOn"]}) for s in steps))
    rows = run("workflow", "graph", "large")
    expect("a row for each step", all(f" s{i} " in rows for i in range(1000)))
    print(f"a picture of 1000 steps took {took:.2f} s")

    # A dry run of something that has run before, with data, a catalogue and secrets.
    run("vault", "create", "local_encryption", "main")
    run("vault", "put", "main", "token", stdin=b"hunter2-hunter2")
    shell = {"type": "model_method", "modelType": "command/shell", "methodName": "execute"}
    write("work", [{"name": "main", "steps": [
        step("secret", task={**shell, "inputs": {"run": "echo $TOKEN", "env": {"TOKEN": "${{ vault.get('main', 'token') }}"}}}),
        step("made", task={**shell, "modelName": "maker", "inputs": {"run": "echo made"}}),
        step("asks", task={**shell, "inputs": {"run": "echo ${{ size(data.query('name == \"result\"')) }}"}})]}])
    run("workflow", "run", "work")
    write("ask", [{"name": "main", "steps": [
        step("all", task={"type": "assert", "expr": "size(data.query('name == \"result\"')) == 3", "message": "three results"}),
        step("secret", [("all", "succeeded")],
             task={**shell, "inputs": {"run": "true", "env": {"TOKEN": "${{ vault.get('main', 'token') }}"}}})]}])
    before = state_of_repository()
    foreseen = json.loads(run("workflow", "run", "ask", "--dry-run", "--json"))
    expect("a query is answered from what is there", foreseen["steps"][0]["course"] == "runs" and foreseen["steps"][0]["unknown"] == [])
    text = run("workflow", "run", "work", "--dry-run")
    expect("no secret is told", "hunter2" not in text + json.dumps(foreseen))
    expect("the repository is as it was", state_of_repository() == before)
    expect("nothing is left behind", not list(scratch.iterdir()))
    subprocess.run(["chmod", "-R", "a-w", str(folder)], check=True)
    expect("a repository that cannot be written to", json.loads(run("workflow", "run", "ask", "--dry-run", "--json")) == foreseen)
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)

for problem in problems:
    print(problem)
sys.exit(1 if problems else 0)
