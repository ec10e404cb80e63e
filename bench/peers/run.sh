#!/bin/sh
# SPDX-License-Identifier: MIT
# sh bench/peers/run.sh [options of compare.py]: installs pinned PyTorch, captum and JAX into a virtual environment in
# build/peers (2 GB), builds the library's side, checks that all give the same maps, and prints who takes how long. All
# methods of all networks take an hour; --networks, --methods and --plan choose. This is for the CPU; bench/gpu.sh measures on a
# GPU, with the Python that is there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
environment=$root/build/peers
case " $* " in
  *" -h "*|*" --help "*)
    sed -n '/^# sh bench/,/^[^#]/s/^# //p' "$0"
    [ ! -x "$environment/bin/python" ] || exec "$environment/bin/python" "$here/compare.py" --help
    exit ;;
esac
cd "$root"
. cmake/setup.sh
# shellcheck disable=SC2086  # lists of words
install $library $tests python3-venv
mkdir -p "$environment"
[ -x "$environment/bin/pip" ] || python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --requirement "$here/requirements.txt"
# A build of its own, so as to leave the developer's as it is.
cmake -S . -B "$environment/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSALIENT_BUILD_TESTS=OFF >"$environment/configure.log"
cmake --build "$environment/build" --target bench.peer salient-gradients >"$environment/build.log"
export PYTHONDONTWRITEBYTECODE=1
exec "$environment/bin/python" "$here/compare.py" --ours "$environment/build/bench/bench.peer" --folder "$environment/files" "$@"
