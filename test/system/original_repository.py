#!/usr/bin/env python3
"""A repository that the original wrote: every document opens, data and runs are read as they are, and swamp goes on with it."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

arguments = argparse.ArgumentParser()
arguments.add_argument("--swamp", required=True)
swamp = str(pathlib.Path(arguments.parse_args().swamp).resolve())
tarball = pathlib.Path(__file__).resolve().parent.parent / "data/original-repo.tar.gz"
problems = []


def run(*words, status=0):
    done = subprocess.run([swamp, *words, "--json"], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
                          env={k: v for k, v in os.environ.items() if k != "SWAMP_REPO_DIR"})
    if done.returncode != status:
        problems.append(f"swamp {' '.join(words)}: exit {done.returncode}\n{done.stderr}{done.stdout[-800:]}")
        return {}
    return json.loads(done.stdout) if done.stdout.strip() else {}


def expect(what, got, wanted):
    if got != wanted:
        problems.append(f"{what}: {got!r}, not {wanted!r}")


with tempfile.TemporaryDirectory(prefix="swamp-original-") as base:
    with tarfile.open(tarball) as archive:
        archive.extractall(base)
    folder = pathlib.Path(base) / "repo"

    expect("models", [m["name"] for m in run("model", "search").get("results", [])], ["greeter"])
    expect("auto-made models", len(run("model", "search", "--all").get("results", [])), 6)
    expect("workflows", sorted(w["name"] for w in run("workflow", "search").get("results", [])), ["gated", "outer", "tour"])
    expect("all workflows are valid", run("workflow", "validate").get("passed"), True)
    expect("type of greeter", run("model", "get", "greeter").get("type"), "command/shell")

    result = run("data", "get", "greeter", "result", "--version", "1")
    expect("version of greeter's first result", result.get("version"), 1)
    expect("its exit code", result.get("content", {}).get("exitCode"), 0)
    expect("latest is the newest version", run("data", "versions", "greeter", "result")["versions"][0]["isLatest"], True)
    expect("a query finds what step wrote it", [r["stepName"] for r in run("data", "query", 'modelName == "maker-x" && name == "result-x" || modelName == "maker-x" && name == "result"')["results"]], ["each-x"])

    runs = run("workflow", "run", "search").get("results", [])
    expect("runs", sorted(r["workflowName"] for r in runs), ["gated", "outer", "tour", "tour", "tour", "tour"])
    expect("the gated run", [r["status"] for r in runs if r["workflowName"] == "gated"], ["suspended"])
    expect("history of tour", run("workflow", "history", "get", "tour").get("workflowName"), "tour")
    expect("outputs of greeter", len(run("model", "output", "search", "greeter").get("results", [])) > 1, True)

    # It goes on: the next version follows the last, and the workflow runs, vault value and all.
    before = run("data", "versions", "greeter", "result")["total"]
    after = run("model", "method", "run", "greeter", "execute", "--input", "who=us")
    expect("status of a new run", after.get("status"), "succeeded")
    expect("versions after it", run("data", "versions", "greeter", "result")["total"], before + 1)
    tour = run("workflow", "run", "tour")
    expect("status of tour", tour.get("status"), "succeeded")
    leaked = [str(p) for p in folder.rglob("*") if p.is_file() and b"s3cr3t-value" in p.read_bytes()]
    expect("files with the secret in clear", leaked, [])

print("\n".join(problems) if problems else "the original's repository is ours to read and to go on with")
sys.exit(1 if problems else 0)
