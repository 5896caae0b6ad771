#!/bin/sh
# Runs examples/workflow-repo-report.yaml in a new repository: the main job, on real input.
#   examples/demo.sh [a git repository; default: this one]
set -eu
project=$(cd "$(dirname "$0")/.." && pwd)
subject=$(cd "${1:-$project}" && pwd)
swamp=${SWAMP:-$project/build/release/swamp}
place=$(mktemp -d "${TMPDIR:-/tmp}/swamp-demo.XXXXXX")

cd "$place"
"$swamp" init --tool none --quiet
cp "$project/examples/workflow-repo-report.yaml" workflows/
"$swamp" workflow run repo-report --input repository="$subject"
echo
"$swamp" data get repo-summary result --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["content"]["stdout"])'
echo
echo "The data of this run is in $place; look around with:"
echo "  cd $place && $swamp data query 'modelName == \"repo-summary\"'"
