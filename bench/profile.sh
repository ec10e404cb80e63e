#!/bin/sh
# SPDX-License-Identifier: MIT
# sh bench/profile.sh [--build FOLDER] [--precision float32|tf32] NETWORK METHOD [BATCH]: where the time of one map goes on
# a GPU, kernel by kernel, as Markdown: launches, microseconds and share of each. Weights and images are random. NETWORK and
# METHOD are those of bench.peer, such as vgg16 gradients, or cnn integrated_gradients; FOLDER is a build with
# SALIENT_WITH_CUDA, by default build/release. Needs a GPU and NVIDIA's ncu (Nsight Compute), which runs kernels one by one:
# the sum is the GPU's work without the gaps between kernels.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../build/release precision=float32
fail() { echo "profile.sh: $1" >&2; exit "${2:-1}"; }
help() { sed -n '/^# sh bench/,/^[^#]/s/^# //p' "$0"; exit; }
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) help ;;
    --build) [ $# -gt 1 ] || fail "--build needs a folder" 2; build=$2; shift 2 ;;
    --precision) [ $# -gt 1 ] || fail "--precision needs float32 or tf32" 2; precision=$2; shift 2 ;;
    -*) fail "there is no option $1; see --help" 2 ;;
    *) break ;;
  esac
done
[ $# -eq 2 ] || [ $# -eq 3 ] || fail "expected NETWORK METHOD [BATCH]; see --help" 2
case $precision in float32 | tf32) ;; *) fail "--precision '$precision' is none of float32|tf32" 2 ;; esac
program=$build/bench/bench.peer
[ -x "$program" ] || fail "there is no $program; build the target bench.peer with -DSALIENT_WITH_CUDA=ON, or name a --build"
ncu=$(command -v ncu || ls -d /usr/local/cuda/bin/ncu /usr/local/cuda-*/bin/ncu /opt/nvidia/nsight-compute/*/ncu 2>/dev/null |
  tail -n 1)
[ -n "$ncu" ] || fail "ncu is missing; install NVIDIA's Nsight Compute, which the CUDA toolkit comes with"
told=$(mktemp)
trap 'rm -f "$told"' EXIT
# Clocks and caches are left as they are when the program runs alone. Kernels in a CUDA graph are measured one by one too.
"$ncu" --csv --metrics gpu__time_duration.sum --profile-from-start off --clock-control none --cache-control none \
  --graph-profiling node "$program" profile "$1" "$2" "${3:-1}" "$precision" >"$told" 2>&1 ||
  fail "$(tail -n 5 "$told")"
echo "$1, $2, ${3:-1} $([ "${3:-1}" = 1 ] && echo image || echo images), $precision"
echo
python3 "$here/kernel_times.py" <"$told"
