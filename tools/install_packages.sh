#!/bin/sh
# Installs the Debian packages that building and testing need, when some are missing.
set -eu
packages="g++ clang-14 clang-format-14 clang-tidy-14 cmake ninja-build ccache mold pkg-config git python3 openssl
  libexpected-dev libfmt-dev libyaml-dev libre2-dev libidn2-dev libunistring-dev libsqlite3-dev libssl-dev
  libboost1.81-dev libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev tzdata util-linux strace
  sqlite3 procps libclang-rt-14-dev llvm-14"
missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
echo "installing:$missing"
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  sudo="sudo"
fi
$sudo apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
