# SPDX-License-Identifier: MIT
# To be sourced by a script that has `set -eu` and stands in the repository's root.

# missing package...: those of Debian's packages that are not installed, nor there as a command of that name.
missing() {
  for package in "$@"; do
    if command -v "${package%-build}" >/dev/null; then continue; fi
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) || status=
    [ "$status" = "install ok installed" ] || printf '%s ' "$package"
  done
}

# install package...: through apt what is missing; nothing at all happens if nothing is.
install() {
  wanted=$(missing "$@")
  [ -n "$wanted" ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "These are needed, and this system has no apt-get to install them with (names as in Debian): $wanted" >&2
    return 1
  fi
  if [ "$(id -u)" -eq 0 ]; then
    as_root=
  elif command -v sudo >/dev/null; then
    as_root=sudo
  else
    echo "These packages are needed; run as root, or install sudo, or run: apt-get install $wanted" >&2
    return 1
  fi
  echo "Installing $wanted"
  # shellcheck disable=SC2086  # lists of words
  $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
}

# What the library and its programs are built with.
library="g++ cmake ninja-build libboost-dev libeigen3-dev libpng-dev zlib1g-dev nlohmann-json3-dev libcli11-dev libhwy-dev"
# And what else the tests and benchmarks need.
tests="libgtest-dev libbenchmark-dev binutils curl"

jobs=$(nproc 2>/dev/null || echo 2)
