#!/bin/sh
# Measures whole processes: `make bench`. Prints a table and keeps build/bench.json.
set -eu
cd "$(dirname "$0")/.."
exec python3 bench/whole_process.py "$@"
