#!/usr/bin/env python3
"""Prints what clang-tidy is to read of a configured build folder: the sources of src/, those of a room together where the
build compiles them together (SWAMP_UNITY), without what is generated.

    tools/lint_sources.py build/lint
"""
import json
import pathlib
import sys

build = pathlib.Path(sys.argv[1]).resolve()
root = build.parent.parent
for entry in json.loads((build / "compile_commands.json").read_text()):
    source = pathlib.Path(entry["file"])
    together = source.is_relative_to(build / "src") and "Unity" in source.parts
    if together or source.is_relative_to(root / "src"):
        print(source)
