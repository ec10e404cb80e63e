#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds everything, and runs the whole suite: as released, under the address and
# undefined-behaviour sanitizers, and, for what uses threads, under the thread sanitizer. Warnings are errors.
set -eu
cd "$(dirname "$0")/.."
. cmake/setup.sh

# shellcheck disable=SC2086  # lists of words
install $library $tests
install clang-16 libclang-rt-16-dev || echo "No clang-16 to be had; the sanitizers run with g++."
sanitizing=g++
if command -v clang++-16 >/dev/null; then sanitizing=clang++-16; fi

# Sanitizers of these compilers do not know all the memory layouts that newer kernels choose at random.
fixed=
if setarch "$(uname -m)" -R true 2>/dev/null; then fixed="setarch $(uname -m) -R"; fi

# build preset compiler
build() {
  echo "== $1 with $2"
  cmake --preset "$1" -DCMAKE_CXX_COMPILER="$2" -DCMAKE_COMPILE_WARNING_AS_ERROR=ON >build/"$1".log 2>&1 ||
    { cat build/"$1".log; return 1; }
  $fixed cmake --build --preset "$1" -j "$jobs"
}
mkdir -p build
build release g++
build asan "$sanitizing"
build tsan "$sanitizing"

# One run over the three, so that its last words are about all of them.
mkdir -p build/test
echo 'subdirs("../release" "../asan" "../tsan")' >build/test/CTestTestfile.cmake
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
exec $fixed ctest --test-dir build/test -j "$jobs" --output-on-failure --no-label-summary
