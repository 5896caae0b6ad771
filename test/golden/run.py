#!/usr/bin/env python3
"""Runs golden cases: the real program against files that say what it should print.

A case is a folder with a file `cmd` in it:

    cmd             shell lines, run by `sh -e` in a fresh folder that `swamp` is on the PATH of
    files/          copied into that folder first (or plain files beside `cmd`)
    stdin           its standard input; absent: empty
    terminal        `<columns>x<rows> [TERM]`: standard input and output are a terminal of that size, TERM=dumb when not said,
                    and `stdin` is typed; absent: a file and a pipe
    stdout, stderr  what it prints; absent: nothing
    status          its exit status; absent: 0

Ids, times, durations, folders and the version are replaced by names before comparing. SWAMP_ACCEPT=1 rewrites the expectations.
A first line `# needs: <program>…` or `# needs: root` in `cmd` skips the case, with a reason, where that is missing.
"""

import argparse
import concurrent.futures
import difflib
import fcntl
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading

EXPECTED = ("stdout", "stderr", "status")
OWN = EXPECTED + ("cmd", "files", "stdin", "terminal")
TIME_LIMIT = 300  # seconds a case may take, on a machine that does much else

UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
PLAIN = (
    # file names of runs and logs, then RFC 3339, then times of day, then spans of time
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d|\b)"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, \d+[smhd] ago"), "<time>"),
    (re.compile(r"\b\d+[smhd] ago\b"), "<ago>"),
    (re.compile(r"<ago>  +"), "<ago>  "),
    (re.compile(r"  +TOOK\b"), "  TOOK"),
    (re.compile(r"\b\d\d:\d\d:\d\d UTC"), "<time>"),
    (re.compile(r'("(?:duration|durationMs|latencyMs)": ?)\d+(\.\d+)?'), r"\1<ms>"),
    (re.compile(r"(?<=[ (]) *\b\d+(\.\d+)?ms\b"), "<duration>"),
    (re.compile(r"(?<=[ (]) *\b\d+\.\d+s\b"), "<duration>"),
    (re.compile(r"(?<=[ (]) *\b\d+m\d+s\b"), "<duration>"),
    (re.compile(r'(\btime=")\d+\.\d"'), r'\1<seconds>"'),
    (re.compile(r'("pid": ?)\d+'), r"\1<pid>"),
    # what depends on how long something took: a result holds its duration, so its size and checksum vary
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r'("size": ?)\d+'), r"\1<size>"),
    (re.compile(r"(?<=[ (]) *\b\d+(\.\d+)? ?([KMG]i?)?B\b"), "<size>"),
    # ids in tables of runs
    (re.compile(r"(?:^|(?<=  ))[0-9a-f]{8}(?=  )", re.M), "<short id>"),
)


class Normaliser:
    """Gives each id of a case a number, the same in both streams."""

    def __init__(self, folders, version):
        self.ids = {}
        self.folders = folders  # longest first
        self.version = re.compile(rf"(?<![\d.]){re.escape(version)}(?![\d.])")

    def __call__(self, data):
        text = data.decode("utf-8", "backslashreplace")
        for path, name in self.folders:
            text = text.replace(path, name)
        text = self.version.sub("<version>", text)
        text = UUID.sub(self.name_of, text)
        for pattern, replacement in PLAIN:
            text = pattern.sub(replacement, text)
        return text

    def name_of(self, match):
        number = self.ids.setdefault(match.group(0), len(self.ids) + 1)
        return f"<uuid-{number}>"


def environment(swamp, home, scratch):
    env = {
        "PATH": f"{swamp.parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "USER": "tester",
        "TERM": "dumb",
        "SWAMP": str(swamp),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(home.parent),
        "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
    }
    return {key: value for key, value in env.items() if value}


def missing_need(cmd):
    first = cmd.split("\n", 1)[0]
    if not first.startswith("# needs:"):
        return None
    for need in first.removeprefix("# needs:").split():
        if need == "root":
            if os.geteuid() != 0:
                return "needs root"
        elif shutil.which(need) is None:
            return f"needs {need}"
    return None


def prepare(case, work):
    source = case / "files"
    if source.is_dir():
        shutil.copytree(source, work, symlinks=True, dirs_exist_ok=True)
    for entry in case.iterdir():
        if entry.name in OWN:
            continue
        if entry.is_dir():
            shutil.copytree(entry, work / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, work / entry.name)


class Terminal:
    """A pseudo-terminal that keeps what is written to it, as it was written."""

    def __init__(self, columns, rows):
        self.ours, self.theirs = os.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        mode = termios.tcgetattr(self.theirs)
        mode[1] &= ~termios.OPOST
        mode[3] &= ~termios.ECHO
        termios.tcsetattr(self.theirs, termios.TCSANOW, mode)
        self.shown = b""
        self.reader = threading.Thread(target=self.read)

    def start(self, typed):
        os.close(self.theirs)
        self.reader.start()
        os.write(self.ours, typed)

    def read(self):
        while True:
            try:
                part = os.read(self.ours, 65536)
            except OSError:  # the last who had it open is gone
                return
            self.shown += part

    def finish(self):
        self.reader.join()
        os.close(self.ours)
        return self.shown


def execute(case, cmd, swamp, version, top):
    work, home, scratch = top / "work", top / "home", top / "tmp"
    for folder in (work, home, scratch):
        folder.mkdir()
    prepare(case, work)
    env = environment(swamp, home, scratch)
    terminal = None
    if (case / "terminal").exists():
        size, *name = (case / "terminal").read_text().split()
        terminal = Terminal(*map(int, size.split("x")))
        env["TERM"] = name[0] if name else "dumb"
    stdin = case / "stdin"
    with open(stdin if stdin.exists() else os.devnull, "rb") as given:
        child = subprocess.Popen(["sh", "-e", "-c", cmd], cwd=work, env=env, stdin=terminal.theirs if terminal else given,
                                 stdout=terminal.theirs if terminal else subprocess.PIPE, stderr=subprocess.PIPE,
                                 start_new_session=True)
        if terminal:
            terminal.start(given.read())
        try:
            out, err = child.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
            err += f"\n(killed after {TIME_LIMIT} s)\n".encode()
        if terminal:
            out = terminal.finish()
    folders = [(str(work), "<dir>"), (str(home), "<home>"), (str(scratch), "<tmp>"), (str(top), "<top>")]
    normalise = Normaliser(folders, version)
    status = child.returncode
    return {"stdout": normalise(out), "stderr": normalise(err), "status": f"{status}\n" if status else ""}


def expectation(case, name):
    path = case / name
    return path.read_text() if path.exists() else ""


def accept(case, actual):
    changed = False
    for name in EXPECTED:
        if actual[name] == expectation(case, name):
            continue
        changed = True
        if actual[name]:
            (case / name).write_text(actual[name])
        else:
            (case / name).unlink()
    return changed


def difference(case, actual):
    lines = []
    for name in EXPECTED:
        expected = expectation(case, name)
        if actual[name] != expected:
            lines += difflib.unified_diff(expected.splitlines(), actual[name].splitlines(), f"{name} (expected)",
                                          f"{name} (actual)", lineterm="")
    return lines


def run_case(case, swamp, version):
    """(outcome, lines): outcome is passed, failed, accepted or skipped."""
    cmd = (case / "cmd").read_text()
    if reason := missing_need(cmd):
        return "skipped", [reason]
    top = pathlib.Path(os.path.realpath(tempfile.mkdtemp(prefix="swamp-golden-")))
    try:
        actual = execute(case, cmd, swamp, version, top)
    finally:
        subprocess.run(["chmod", "-R", "u+rwX", str(top)], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(top, ignore_errors=True)
    if os.environ.get("SWAMP_ACCEPT") == "1":
        return ("accepted" if accept(case, actual) else "passed"), []
    lines = difference(case, actual)
    return ("failed" if lines else "passed"), lines


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--swamp", required=True, type=pathlib.Path, help="the program")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("cases", nargs="*", help="only cases whose name holds one of these")
    given = options.parse_args()
    root = pathlib.Path(__file__).resolve().parent
    swamp = given.swamp.resolve()

    cases = sorted(path.parent for path in root.glob("*/*/cmd"))
    if given.cases:
        cases = [case for case in cases if any(part in str(case.relative_to(root)) for part in given.cases)]
    if not cases:
        print("no such case")
        return 1
    version = subprocess.run([swamp, "-V"], check=True, capture_output=True, text=True).stdout.strip()
    counts = {}
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for case, (outcome, lines) in zip(cases, pool.map(lambda case: run_case(case, swamp, version), cases)):
            counts[outcome] = counts.get(outcome, 0) + 1
            if outcome != "passed":
                print(f"{outcome}: {case.relative_to(root)}")
                for line in lines:
                    print(f"    {line}")
    print(", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())))
    return 1 if "failed" in counts else 0


if __name__ == "__main__":
    sys.exit(main())
