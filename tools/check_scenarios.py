#!/usr/bin/env python3
"""Looks whether the tests that test/scenarios.md names are there, and the rows of docs/compatibility.md too."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
tests = {f"{suite}.{name}" for path in root.glob("src/**/*_test.cc")
         for suite, name in re.findall(r"^TEST(?:_[FP])?\((\w+), (\w+)\)", path.read_text(), re.M)}
tests |= {f"{path.parent.parent.name}/{path.parent.name}" for path in root.glob("test/golden/*/*/cmd")}
departures = [line[2:] for line in (root / "docs/compatibility.md").read_text().splitlines() if line.startswith("| ")]

problems = []
rows = [line.strip("|").split(" | ") for line in (root / "test/scenarios.md").read_text().splitlines()
        if re.match(r"\| \d+ ", line)]
for row in rows:
    number, named, departs = row[0].strip(), re.findall(r"`([\w./-]+)`", row[3]), row[4].strip()
    problems += [f"scenario {number}: there is no test {name}" for name in named if name not in tests]
    if not named:
        problems.append(f"scenario {number} has no test")
    problems += [f"scenario {number}: no row of docs/compatibility.md begins '{one}'" for one in departs.split("; ")
                 if one and not any(line.startswith(one) for line in departures)]
if [row[0].strip() for row in rows] != [str(n) for n in range(1, 26)]:
    problems.append("the scenarios are not numbered 1 to 25")
print("\n".join(problems))
sys.exit(1 if problems else 0)
