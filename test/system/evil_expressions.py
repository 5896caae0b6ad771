#!/usr/bin/env python3
"""Expressions made to hang, to eat the memory or to crash end in an answer or a clear error, within time and memory.

Short ones go to `swamp expr eval`, long ones into a workflow, since an argument holds 128 KiB at most.

    evil_expressions.py --swamp PATH"""
import argparse
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

CPU = 30  # seconds; the slowest takes about a second in a release build, some ten in a debug build
MEMORY = 700 << 20
COST = "takes too much|too large"
DEEP = "nested too deeply|deep"


def doubled(first, step, levels, last):
    """cel.bind(a0, first, cel.bind(a1, step of a0, …))"""
    text = last.replace("$", f"a{levels}")
    for at in range(levels, 0, -1):
        text = f"cel.bind(a{at}, {step.replace('$', f'a{at - 1}')}, {text})"
    return f"cel.bind(a0, {first}, {text})"


N = 10_000
# (what, expression, what the answer is or None, what the error says)
CASES = [
    ("parentheses", "(" * N + "1" + ")" * N, None, DEEP),
    ("lists", "[" * N + "]" * N, None, DEEP),
    ("maps", "{'a': " * N + "1" + "}" * N, None, DEEP),
    ("minus signs", "-" * N + "1", None, DEEP),
    ("negations", "!" * N + "true", None, DEEP),
    ("calls", "size(" * N + "'a'" + ")" * N, None, DEEP),
    ("macros", "[1].map(x, " * N + "1" + ")" * N, None, DEEP),
    ("indices", "inputs" + "[inputs" * N + "]" * N, None, DEEP),
    ("conditions", "true ? " * N + "1" + " : 2" * N, None, DEEP),
    ("conditions behind", "false ? 1 : " * N + "2", None, DEEP),
    ("open parentheses", "(" * N, None, DEEP),
    ("members", "inputs" + ".a" * N, None, "a"),
    ("method calls", "'a'" + ".trim()" * N, None, DEEP + "|a"),
    ("a long sum", "+".join(["1"] * 40_000), "40000", None),
    ("a long condition", " && ".join(["true"] * 15_000), "true", None),
    ("an expression of 1 MB", "[" + ", ".join(["'abcdefghijklmnopqrstuvwxyz'"] * 35_000) + "].size() == 35000", "true", None),
    ("a text of 1 MB", "'" + "x" * 1_000_000 + "'.size() == 1000000", "true", None),
    ("a sum of 1 MB", " + ".join(["1"] * 250_000) + " == 250000", "true", None),
    ("one broken at its end", "[" + "1, " * 350_000 + "2 3]", None, "unexpected|expected|'3'"),
    ("10^9 elements", "range(1000000000)", None, COST),
    ("10^9 elements in loops", "range(1000).all(a, range(1000).all(b, range(1000).all(c, c >= 0)))", None, COST),
    ("10^18 elements", "range(9223372036854775807).size()", None, COST),
    ("the least to the greatest", "range(-9223372036854775808, 9223372036854775807).size()", None, COST),
    ("a product of lists", "range(4000).map(a, range(4000))", None, COST),
    ("a doubled text", doubled("'aaaaaaaaaaaaaaaa'", "$ + $", 60, "$.size()"), None, COST),
    ("a doubled list", doubled("[1, 2, 3, 4]", "$ + $", 60, "$.size()"), None, COST),
    ("a list in itself", doubled("[1]", "[$, $, $, $]", 30, "string($.size()) + '%s'.format([$])"), None, COST),
    ("two such lists compared", doubled("[1]", "[$, $, $, $]", 30, "$ == $ + []"), None, COST),
    ("such a list as the answer", doubled("[1]", "[$, $, $, $]", 30, "$"), None, COST),
    ("replacing", "'a'" + ".replace('a', 'aaaaaaaaaaaaaaaa')" * 12 + ".size()", None, COST),
    ("replacing nothing", "'" + "a" * 1000 + "'" + ".replace('', 'bbbbbbbbbbbbbbbb')" * 6 + ".size()", None, COST),
    ("joining", "range(1000000).map(x, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').join('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').size()", None, COST),
    ("formatting", doubled("'%s%s'", "$.format([$, $])", 60, "$.size()"), None, COST + "|format|argument"),
    ("wide formatting", "'%.999999999f'.format([1.0]).size()", None, "precision|digits|format|%.999999999f"),
    ("a regular expression that backtracks", "range(5000).map(x, 'a').join().matches('^(a*)*(a*)*(a|aa)+b$')", "false", None),
    ("a huge regular expression", "'a'.matches('((a{1000}){1000}){1000}')", None, "pattern|regular|repetition"),
    ("a long regular expression", "'a'.matches(range(100000).map(x, '(a|b)*').join())", None, "pattern|regular|large"),
    ("sorting", "range(3000000).map(x, -x).sort().size()", None, COST),
    ("distinct elements", "range(30000).distinct().size()", None, COST),
    ("sets", "sets.equivalent(range(10000), range(10000))", None, COST),
    ("flattening", doubled("[1]", "[$, $]", 40, "$.flatten(40).size()"), None, COST),
    ("splitting", doubled("'aaaaaaaaaaaaaaaa'", "$ + $", 18, "$.split('').map(x, $.split('')).size()"), None, COST),
    ("growing maps", "range(3000).map(k, range(3000).transformMap(a, b, a)).size()", None, COST),
    ("nested JSON", "bytes(range(100000).map(x, '[').join()).json()", None, "JSON|nest|deep"),
    ("a shift of 10^9", "math.bitShiftLeft(1, 1000000000)", "0", None),
    ("a duration of 10^18 s", "duration('1000000000000000000s')", None, "duration|range"),
    ("the end of time", "timestamp('9999-12-31T23:59:59Z') + duration('1000000h')", None, "the years 1 to 9999"),
    ("the least int", "-9223372036854775808 / -1", None, "overflow|64 bits|range"),
    ("a NUL", "'a\\x00b'.size()", "3", None),
    ("half a character", "'\\ud800'", None, "character"),
]


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(words, folder):
    """(exit code, what it printed, peak memory in bytes)"""
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT, preexec_fn=limits)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        return process.returncode, printed.read().decode(errors="replace"), usage.ru_maxrss * 1024


def outcome(swamp, folder, expression):
    if len(expression) < 100_000:
        return run([swamp, "expr", "eval", "--input", "x=1", "--", expression], folder)
    step = {"name": "say", "task": {"type": "assert", "expr": expression, "message": "it does not hold"}}
    (folder / "workflows/workflow-long.yaml").write_text(json.dumps(
        {"id": "00000000-0000-4000-8000-000000000001", "name": "long", "version": 1, "jobs": [{"name": "main", "steps": [step]}]}))
    code, printed, peak = run([swamp, "workflow", "run", "long", "--skip-reports"], folder)
    return code, "true" if code == 0 else printed, peak


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--swamp", required=True)
    swamp = str(pathlib.Path(arguments.parse_args().swamp).resolve())
    problems = []
    most = 0
    with tempfile.TemporaryDirectory(prefix="swamp-evil-") as made:
        folder = pathlib.Path(made)
        run([swamp, "init", "--tool", "none"], folder)
        for what, expression, value, error in CASES:
            code, printed, peak = outcome(swamp, folder, expression)
            most = max(most, peak)
            shown = printed if len(printed) < 700 else printed[:300] + " … " + printed[-300:]
            if code != (0 if error is None else 1):
                problems.append(f"{what}: ends with {code}: {shown}")
            elif error is None and printed.strip() != value:
                problems.append(f"{what}: gives {shown} instead of {value}")
            elif error is not None and not re.search(error, printed.split("\n")[0] if printed.startswith("error") else printed):
                problems.append(f"{what}: the error is not about '{error}': {shown}")
            if len(printed) > 4000 and len(expression) < 100_000:
                problems.append(f"{what}: prints {len(printed)} bytes: {shown}")
            if peak > MEMORY:
                problems.append(f"{what}: takes {peak >> 20} MiB")
    print("\n".join(problems))
    print(f"{len(CASES)} expressions, at most {most >> 20} MiB: {len(problems)} problems")
    sys.exit(1 if problems else 0)


main()
