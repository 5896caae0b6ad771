#!/usr/bin/env python3
"""How much of the expression language's lexer and parser the kept seeds alone reach: at least 90 % of the branches.

Builds the harness with clang's source-based coverage (preset `coverage`), runs it once on every seed, and counts both ways of every
branch in the files below. What was not taken is listed with --missed, as file:line:column and the way.

    seed_coverage.py [--missed]"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

LEAST = 90.0
HARNESS = "cel_parse_fuzz"
FILES = ["lexer.cc", "literals.cc", "loose_names.cc", "macros.cc", "parser.cc", "tree_builder.cc"]
root = pathlib.Path(__file__).resolve().parent.parent
build = root / "build/coverage"


def call(*words, **more):
    return subprocess.run(words, cwd=root, check=True, **more)


def ways_of(functions):
    """{(file, line, column, end line, end column): [taken, not taken]} over all instances of templates and inlined code."""
    ways = {}
    for function in functions:
        names = [pathlib.Path(name) for name in function["filenames"]]
        for line, column, end_line, end_column, taken, refused, file, _, kind in function.get("branches", []):
            name = names[file]
            if name.name not in FILES or name.parent.name != "cel":
                continue
            known = ways.setdefault((name.name, line, column, end_line, end_column), [0, 0])
            known[0] += taken
            known[1] += refused
    return ways


arguments = argparse.ArgumentParser()
arguments.add_argument("--missed", action="store_true", help="list the branches that no seed takes")
options = arguments.parse_args()
call("cmake", "--preset", "coverage", stdout=subprocess.DEVNULL)
call("ninja", "-C", str(build), "--quiet", HARNESS)
raw = build / "seeds.profraw"
call(str(build / HARNESS), f"test/fuzz/seeds/{HARNESS}", env=os.environ | {"LLVM_PROFILE_FILE": str(raw)}, stdout=subprocess.DEVNULL)
call("llvm-profdata-14", "merge", "-o", str(build / "seeds.profdata"), str(raw))
exported = call("llvm-cov-14", "export", str(build / HARNESS), f"-instr-profile={build / 'seeds.profdata'}", capture_output=True).stdout
ways = ways_of(json.loads(exported)["data"][0]["functions"])

print(f"{'file':20} branches   taken")
total = [0, 0]
for name in FILES:
    counts = [count for place, pair in ways.items() if place[0] == name for count in pair]
    taken = sum(count > 0 for count in counts)
    total = [total[0] + len(counts), total[1] + taken]
    print(f"{name:20} {len(counts):8} {taken:7}  {100 * taken / max(1, len(counts)):5.1f} %")
    if options.missed:
        for place, pair in sorted(ways.items()):
            if place[0] == name:
                for count, way in zip(pair, ("true", "false")):
                    if count == 0:
                        print(f"    src/cel/{place[0]}:{place[1]}:{place[2]} is never {way}")
share = 100 * total[1] / max(1, total[0])
print(f"{'all':20} {total[0]:8} {total[1]:7}  {share:5.1f} %, wanted {LEAST:.0f} %")
sys.exit(0 if share >= LEAST else 1)
