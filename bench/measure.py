"""Runs commands and keeps figures: medians over rounds, held against their targets."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent
environment = {**os.environ, "SWAMP_NO_TELEMETRY": "1", "NO_COLOR": "1"}


class Tools:
    """The programs that are measured, and those that measure."""

    def __init__(self, folder):
        self.swamp = str(folder / "swamp")
        self.launch = str(folder / "bench_launch")
        self.in_turn = str(folder / "bench_in_turn")
        self.fill_data = str(folder / "bench_fill_data")
        self.folder = folder


class Run:
    """How one command went."""

    def __init__(self, told):
        self.ms = told["seconds"] * 1000
        self.first_ms = None if told["first"] is None else told["first"] * 1000
        self.peak_mb = told["peak_kb"] / 1024


def run(tools, argv, folder, mark="", expect=0):
    """Runs a command to its end; `mark` is a text in its output whose first appearance is noted."""
    reading, writing = os.pipe()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen([tools.launch, str(writing), mark, *map(str, argv)], cwd=folder, env=environment,
                                   stdin=subprocess.DEVNULL, stdout=nowhere, stderr=subprocess.PIPE,
                                   pass_fds=[writing])
    os.close(writing)
    with os.fdopen(reading) as pipe:
        errors = process.stderr.read()
        told = pipe.read()
    process.wait()
    told = json.loads(told) if told else {"status": None}
    if told["status"] != expect:
        sys.exit(f"{' '.join(map(str, argv))} ended with {told['status']}:\n{errors.decode(errors='replace')[-2000:]}")
    return Run(told)


class Place:
    """Where rounds make their folders. Nothing is deleted before the end: ext4 is many times slower for a minute after
    bulk deletes."""

    def __init__(self, name, base):
        self.name = name
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="swamp-bench-", dir=base))
        self.count = 0

    def fresh(self):
        self.count += 1
        path = self.folder / str(self.count)
        path.mkdir()
        return path

    def remove(self):
        """Begins to; gives the process to wait for."""
        return subprocess.Popen(["rm", "-rf", str(self.folder)])


class Figures:
    """The table: printed as it grows, kept as JSON."""

    def __init__(self):
        self.rows = []
        print(f"{'what':<52} {'where':<6} {'median':>9} {'unit':<4} {'target':>8}  {'spread':<19} note")

    def add(self, name, place, values, unit, target=None, note=""):
        """The median of `values` is held against `target`; without one it is only told."""
        median = statistics.median(values)
        met = target is None or median <= target
        self.rows.append({"name": name, "place": place, "median": median, "unit": unit, "target": target, "met": met,
                          "values": list(values), "note": note})
        shown = "" if target is None else f"<= {target:g}"
        spread = f"{min(values):.4g}..{max(values):.4g}" if len(values) > 1 else ""
        line = f"{name:<52} {place:<6} {median:>9.4g} {unit:<4} {shown:>8}  {spread:<19} {note}"
        print((line + ("" if met else "  MISSED")).rstrip(), flush=True)

    def save(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.rows, indent=2) + "\n")

    def summary(self):
        held = [row for row in self.rows if row["target"] is not None]
        return f"{sum(row['met'] for row in held)} of {len(held)} targets are met"
