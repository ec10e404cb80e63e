#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs missing packages, builds everything, and runs the test suite: in release mode, under the address and
# undefined-behaviour sanitizers, and, for code with threads, under the thread sanitizer. Warnings are errors.
set -eu
cd "$(dirname "$0")/.."
. cmake/setup.sh

# shellcheck disable=SC2086  # lists of words
install $library $tests

# Older sanitizer runtimes fail with the address-space randomisation of newer kernels, so it is switched off.
fixed=
if setarch "$(uname -m)" -R true 2>/dev/null; then fixed="setarch $(uname -m) -R"; fi

choose_sanitizing
install_platforms
# For tests/apps/web, which is skipped without them.
install_wasm || true
install chromium || true

# The release build supports GPUs if CUDA 12 or later is found. Where there is no GPU, tests that need one are skipped,
# and their names end in CUDA's reason.
with_cuda=OFF
nvcc=$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)
if "$nvcc" --version 2>/dev/null | grep -q 'release \(1[2-9]\|[2-9][0-9]\)\.'; then
  with_cuda=ON
  export CUDACXX="$nvcc"
  nvidia-smi -L 2>/dev/null || echo "nvidia-smi finds no GPU here: tests named .../on_gpu (none: ...) will be skipped."
fi

# The release build shares work by MPI if there is one.
with_mpi=OFF
if command -v mpicxx >/dev/null; then with_mpi=ON; fi

# build preset compiler [with CUDA] [with MPI]
build() {
  echo "== $1 with $2"
  cmake --preset "$1" -DCMAKE_CXX_COMPILER="$2" -DCMAKE_COMPILE_WARNING_AS_ERROR=ON \
    -DSALIENT_WITH_CUDA="${3:-OFF}" -DSALIENT_WITH_MPI="${4:-OFF}" >build/"$1".log 2>&1 || { cat build/"$1".log; return 1; }
  $fixed cmake --build --preset "$1" -j "$jobs"
}
mkdir -p build
build release g++ "$with_cuda" "$with_mpi"
build asan "$sanitizing"
build tsan "$sanitizing"

# Runs the three builds as one, so that the summary covers all of them.
mkdir -p build/test
echo 'subdirs("../release" "../asan" "../tsan")' >build/test/CTestTestfile.cmake
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
exec $fixed ctest --test-dir build/test -j "$jobs" --output-on-failure --no-label-summary
