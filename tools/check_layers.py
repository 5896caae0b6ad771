#!/usr/bin/env python3
"""Holds every `#include "<room>/…"` against the DEPS of the room's swamp_library(), and refuses cycles and sources
that no CMakeLists.txt of their room names (a test that is not built fails nobody).

Prints `async/task.h:2: async may not include engine` for each offence and exits 1."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent / "src"
call = re.compile(r"swamp_library\(\s*(\w+)(.*?)\)", re.S)
keywords = {"SOURCES", "TESTS", "DEPS", "EXTERNAL", "PUBLIC_EXTERNAL"}


def deps_of(cmake: pathlib.Path):
    """Room name and DEPS of the first swamp_library() call; None when the folder has none."""
    text = re.sub(r"#.*", "", cmake.read_text())
    found = call.search(text)
    if not found:
        return None
    section, deps = None, set()
    for word in found.group(2).split():
        if word in keywords:
            section = word
        elif section == "DEPS":
            deps.add(word)
    return found.group(1), deps


def named_files(folder: pathlib.Path):
    """What the room's CMakeLists.txt names."""
    return set(re.findall(r"[\w./-]+\.cc\b", (folder / "CMakeLists.txt").read_text()))


rooms = dict(filter(None, (deps_of(cmake) for cmake in root.glob("*/CMakeLists.txt"))))
problems = []

for room, deps in rooms.items():
    for unknown in deps - rooms.keys():
        problems.append(f"{room}/CMakeLists.txt: {room} depends on {unknown}, which is no room")
    named = named_files(root / room)
    for source in sorted((root / room).rglob("*")):
        if source.suffix not in {".h", ".cc"}:
            continue
        if source.suffix == ".cc" and str(source.relative_to(root / room)) not in named:
            problems.append(f"{source.relative_to(root)}: not named in {room}/CMakeLists.txt")
        is_test = source.stem.endswith("_test")
        for number, line in enumerate(source.read_text().splitlines(), 1):
            match = re.match(r'\s*#include "(\w+)/', line)
            if not match:
                continue
            target = match.group(1)
            if target == room or target in deps or target not in rooms:
                continue
            if is_test and target in rooms:
                # A test may reach for what its room's dependencies bring along.
                reach, todo = set(), [room]
                while todo:
                    for dep in rooms.get(todo.pop(), ()):
                        if dep not in reach:
                            reach.add(dep)
                            todo.append(dep)
                if target in reach:
                    continue
            problems.append(f"{source.relative_to(root)}:{number}: {room} may not include {target}")


def find_cycle():
    done, path = set(), []

    def visit(room):
        if room in path:
            return path[path.index(room):] + [room]
        if room in done:
            return None
        path.append(room)
        for dep in sorted(rooms.get(room, ())):
            cycle = visit(dep)
            if cycle:
                return cycle
        path.pop()
        done.add(room)
        return None

    for room in sorted(rooms):
        cycle = visit(room)
        if cycle:
            return cycle
    return None


cycle = find_cycle()
if cycle:
    problems.append("rooms depend on each other: " + " -> ".join(cycle))
loose = [p.name for p in root.iterdir() if p.is_file()]
if loose:
    problems.append("loose in src/: " + ", ".join(sorted(loose)))

print("\n".join(problems) if problems else f"{len(rooms)} rooms, each within its DEPS")
sys.exit(1 if problems else 0)
