#!/bin/sh
# SPDX-License-Identifier: MIT
# sh bench/peers/run.sh [options of compare.py]: installs pinned PyTorch, captum and JAX into a virtual environment in
# build/peers, builds the library's side, checks that all give the same maps, and prints who takes how long.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
environment=$root/build/peers
mkdir -p "$environment"
[ -x "$environment/bin/pip" ] || python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --requirement "$here/requirements.txt"
cd "$root"
cmake --preset release -DSALIENT_BUILD_TESTS=OFF >"$environment/configure.log"
cmake --build --preset release --target bench.peer >"$environment/build.log"
export PYTHONDONTWRITEBYTECODE=1
exec "$environment/bin/python" "$here/compare.py" --ours build/release/bench/bench.peer --folder "$environment/files" "$@"
