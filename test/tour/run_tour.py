#!/usr/bin/env python3
"""Runs every command of the README's tour, in order, in a new folder, and compares what they print.

A block that starts with ```console holds lines `$ command` and below each what it prints. A line `...` stands for any
lines; ids, times and durations are compared by form only. A `cat > file <<'EOF'` command reads on up to its EOF.

    run_tour.py README.md path/to/swamp"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

readme, swamp = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()


def commands_of(text):
    """(line number, command, expected lines) of every command."""
    found, inside, document_end = [], False, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            inside = line.strip() == "```console"
            document_end = None
        elif not inside:
            continue
        elif document_end:
            found[-1][1] += "\n" + line
            if line == document_end:
                document_end = None
        elif line.startswith("$ "):
            found.append([number, line[2:], []])
            here = re.search(r"<<'?(\w+)'?$", line)
            document_end = here.group(1) if here else None
        elif found:
            found[-1][2].append(line)
    return found


def by_form(line):
    line = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>", line)
    line = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?", "<time>", line)
    line = re.sub(r"\b\d\d:\d\d:\d\d UTC", "<time>", line)
    line = re.sub(r"\b\d+(\.\d+)?(ms|s)\b", "<took>", line)
    return line.rstrip()


def matches(expected, actual):
    """Whether the lines are the same, `...` standing for any number of them."""
    if not expected:
        return not actual
    if expected[0].strip() == "...":
        return any(matches(expected[1:], actual[i:]) for i in range(len(actual) + 1))
    return bool(actual) and expected[0] == actual[0] and matches(expected[1:], actual[1:])


failed = 0
steps = commands_of(readme.read_text())
with tempfile.TemporaryDirectory(prefix="swamp-tour-") as folder:
    environment = {**os.environ, "PATH": f"{swamp.parent}:{os.environ['PATH']}", "HOME": folder, "NO_COLOR": "1"}
    environment.pop("SWAMP_REPO_DIR", None)
    place = folder
    for number, command, expected in steps:
        # `cd` must outlive its shell, so each shell says where it ended up.
        script = f"{command}\nstatus=$?\npwd >&9\nexit $status"
        reader, writer = os.pipe()
        shell = subprocess.Popen(["bash", "-c", f"exec 9>&{writer}\n{script}"], cwd=place, env=environment,
                                 pass_fds=[writer], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True)
        os.close(writer)
        printed = shell.communicate(timeout=120)[0]
        with os.fdopen(reader) as where:
            place = where.read().strip() or place
        wanted = [by_form(line) for line in expected if line.strip()]
        actual = [by_form(line.replace(folder, "~")) for line in printed.splitlines() if line.strip()]
        if matches(wanted, actual):
            continue
        failed += 1
        print(f"{readme}:{number}: $ {command.splitlines()[0]}")
        print("\n".join(difflib.unified_diff(wanted, actual, "in the README", "printed", lineterm="")))
print(f"{len(steps) - failed} of {len(steps)} commands of the tour print what the README says")
sys.exit(1 if failed or not steps else 0)
