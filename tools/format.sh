#!/bin/sh
# Formats all C++ of the tree; with --check says what would change and fails.
set -eu
cd "$(dirname "$0")/.."
clang_format=$(command -v clang-format-14 || command -v clang-format)
files=$(git ls-files 'src/*.h' 'src/*.cc' 'test/*.h' 'test/*.cc' 'bench/*.cc')
if [ "${1:-}" = "--check" ]; then
  # shellcheck disable=SC2086
  "$clang_format" --dry-run -Werror $files
else
  # shellcheck disable=SC2086
  "$clang_format" -i $files
fi
