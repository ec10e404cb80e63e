#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds everything, and runs the whole suite: as released, under the address and
# undefined-behaviour sanitizers, and, for what uses threads, under the thread sanitizer. Warnings are errors.
set -eu
cd "$(dirname "$0")/.."
. cmake/setup.sh

# shellcheck disable=SC2086  # lists of words
install $library $tests

# Sanitizers of these compilers do not know all the memory layouts that newer kernels choose at random.
fixed=
if setarch "$(uname -m)" -R true 2>/dev/null; then fixed="setarch $(uname -m) -R"; fi

choose_sanitizing
install_platforms

# With CUDA 12 or later, what is released can use a GPU. Tests that need one are skipped where there is none; their
# names then end in CUDA's reason.
with_cuda=OFF
nvcc=$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)
if "$nvcc" --version 2>/dev/null | grep -q 'release \(1[2-9]\|[2-9][0-9]\)\.'; then
  with_cuda=ON
  export CUDACXX="$nvcc"
  nvidia-smi -L 2>/dev/null || echo "nvidia-smi finds no GPU here: tests named .../on_gpu (none: ...) will be skipped."
fi

# build preset compiler [with CUDA]
build() {
  echo "== $1 with $2"
  cmake --preset "$1" -DCMAKE_CXX_COMPILER="$2" -DCMAKE_COMPILE_WARNING_AS_ERROR=ON \
    -DSALIENT_WITH_CUDA="${3:-OFF}" >build/"$1".log 2>&1 || { cat build/"$1".log; return 1; }
  $fixed cmake --build --preset "$1" -j "$jobs"
}
mkdir -p build
build release g++ "$with_cuda"
build asan "$sanitizing"
build tsan "$sanitizing"

# One run over the three, so that its last words are about all of them.
mkdir -p build/test
echo 'subdirs("../release" "../asan" "../tsan")' >build/test/CTestTestfile.cmake
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
exec $fixed ctest --test-dir build/test -j "$jobs" --output-on-failure --no-label-summary
