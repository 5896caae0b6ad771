#!/bin/bash
# Compiles every header on its own: each must include what it uses.
#   tools/check_headers.sh [JOBS]
set -euo pipefail
cd "$(dirname "$0")/.."

check() {
  problems=$(g++ -std=c++20 -fsyntax-only -Isrc -DBOOST_ASIO_SEPARATE_COMPILATION -x c++ "$1" 2>&1) && return
  printf '%s does not compile alone:\n%s\n' "$1" "$(head -n 5 <<<"$problems")"
  return 1
}
export -f check

git ls-files 'src/*.h' | xargs -P "${1:-$(nproc)}" -I{} bash -c 'check {}'
