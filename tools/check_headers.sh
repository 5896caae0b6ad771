#!/bin/sh
# Compiles every header on its own: each must include what it uses.
set -eu
cd "$(dirname "$0")/.."
status=0
for header in $(find src -name '*.h' | sort); do
  if ! g++ -std=c++20 -fsyntax-only -Isrc -DBOOST_ASIO_SEPARATE_COMPILATION -x c++ "$header" 2>/tmp/swamp-header.$$; then
    echo "$header does not compile alone:"
    head -n 5 /tmp/swamp-header.$$
    status=1
  fi
done
rm -f /tmp/swamp-header.$$
exit $status
