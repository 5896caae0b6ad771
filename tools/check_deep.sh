#!/bin/bash
# The checks that take long: tsan, lint, every header alone, a minute of fuzzing a target, what the seeds reach,
# every kill point, load.
#   tools/check_deep.sh [tsan|lint|headers|fuzz|seeds|kill …]     default: all
# JOBS, FUZZ_SECONDS (a target) and LINT_FILES (a pattern of their paths) may be set.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=${JOBS:-$(nproc)}
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(tsan lint headers fuzz seeds kill)
tools/install_packages.sh

run_tsan() {
  cmake --preset tsan >/dev/null
  ninja -C build/tsan -j "$jobs" --quiet unit_tests
  ctest --test-dir build/tsan -L unit --output-on-failure -j "$jobs"
}

run_lint() {
  cmake --preset lint >/dev/null
  tools/lint_sources.py build/lint | grep "${LINT_FILES:-.}" |
    xargs -P "$jobs" -n 4 clang-tidy-14 --quiet -p build/lint
}

run_headers() { tools/check_headers.sh "$jobs"; }

run_fuzz() {
  cmake --preset fuzz >/dev/null
  ninja -C build/fuzz -j "$jobs" --quiet fuzzers
  for target in build/fuzz/*_fuzz; do
    name=$(basename "$target")
    mkdir -p "build/fuzz/corpus/$name"
    echo "fuzzing $name for ${FUZZ_SECONDS:-60} s"
    "$target" -max_total_time="${FUZZ_SECONDS:-60}" -rss_limit_mb=2048 -timeout=10 -artifact_prefix="build/fuzz/$name." \
      "build/fuzz/corpus/$name" "test/fuzz/seeds/$name" 2>"build/fuzz/$name.log" ||
      { tail -n 40 "build/fuzz/$name.log"; exit 1; }
  done
}

run_seeds() { tools/seed_coverage.py; }

run_kill() {
  make debug
  SWAMP_KILL_POINTS=all SWAMP_LOAD=all ctest --test-dir build/debug -L crash --output-on-failure
}

for check in "${wanted[@]}"; do
  echo "== $check"
  "run_$check"
done
