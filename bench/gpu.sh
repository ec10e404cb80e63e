#!/bin/sh
# SPDX-License-Identifier: MIT
# sh bench/gpu.sh [options] BUILD OUT: what a machine with a GPU is asked, in ten minutes or less, by programs that need not
# have been built on it. BUILD is a build of the tests and benchmarks with SALIENT_WITH_CUDA; all output goes to the folder
# OUT, a summary to stdout. Fails if a test fails or maps disagree. The parts, each within its seconds:
#   tests 200    the suite's cases for the GPU, each in a process, as many at a time as there are processors
#   table 280    the library beside PyTorch and JAX (bench/peers), with whatever of these Python has
#   kernels 60   convolutions of VGG-16 and ResNet-50: shares of the card's peaks
#   profile 60   where the time of a map goes, by ncu
# Options: --parts tests,table,kernels,profile   which of them
#          --python PROGRAM                      which Python; default python3
#          --limit PART=SECONDS                  another limit; may be repeated
#          --rehearse                            the same steps without a GPU: tests skip, peers run on the CPU
# Tests and demos find their data by the absolute path of the checkout that they were built from: make that a link where this
# one has another. Shared libraries may lie in BUILD/lib.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
parts=tests,table,kernels,profile python=python3 rehearse='' build='' out=''
limit_tests=200 limit_table=280 limit_kernels=60 limit_profile=60
fail() { echo "gpu.sh: $1" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '/^# sh bench/,/^[^#]/s/^# \{0,1\}//p' "$0"; exit ;;
    --rehearse) rehearse=--rehearse; shift ;;
    --parts | --python | --limit)
      [ $# -gt 1 ] || fail "$1 needs a value"
      case $1 in
        --parts) parts=$2 ;;
        --python) python=$2 ;;
        --limit)
          case $2 in
            tests=[1-9]* | table=[1-9]* | kernels=[1-9]* | profile=[1-9]*) eval "limit_${2%%=*}=\${2#*=}" ;;
            *) fail "--limit '$2' is not PART=SECONDS" ;;
          esac ;;
      esac
      shift 2 ;;
    -*) fail "there is no option $1; see --help" ;;
    *) if [ -z "$build" ]; then build=$1; elif [ -z "$out" ]; then out=$1; else fail "'$1' is one folder too many"; fi; shift ;;
  esac
done
[ -n "$out" ] || fail "expected BUILD and OUT; see --help"
[ -d "$build" ] || fail "there is no folder $build"
[ -n "$rehearse" ] || nvidia-smi -L >/dev/null 2>&1 || fail "nvidia-smi finds no GPU; --rehearse needs none"
build=$(cd "$build" && pwd)
mkdir -p "$out"
out=$(cd "$out" && pwd)
files=$(mktemp -d) # weights and maps of the peers: too large to keep
trap 'rm -rf "$files"' EXIT
export PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH="$build/lib:${LD_LIBRARY_PATH:-}" # shared libraries that travel with a build
outcome=0
started=$(date +%s)
wanted() { case ",$parts," in *",$1,"*) ;; *) return 1 ;; esac; }
now() { echo "$(($(date +%s) - started)) s"; }
title() { printf '\n## %s\n\n' "$1" >>"$out/summary.md"; }
: >"$out/summary.md"
{ nvidia-smi --query-gpu=name,driver_version,clocks.max.sm,memory.total --format=csv,noheader 2>/dev/null || echo "no GPU"
  date -u +%Y-%m-%d
} >>"$out/summary.md"

# run_tests: the cases whose names gtest shows with the parameter on_gpu. A case that is skipped was not run.
run_tests() {
  mkdir -p "$out/tests"
  find "$build/tests" -type f -perm -u+x -name 'test.*' | sort | xargs -P "$(nproc)" -n 1 sh -c '
    "$0" --gtest_list_tests 2>/dev/null | awk -v program="$0" "
      /^[^ ]/ { suite = \$1 }
      /^ .*# GetParam\(\) = .*on_gpu/ { print program, suite \$1 }"' >"$out/tests/cases"
  export out
  timeout "$limit_tests" xargs -P "$(nproc)" -n 2 sh -c '
    log=$out/tests/$(basename "$0").$(echo "$1" | tr / _).log
    code=0
    from=$(date +%s%N)
    (cd "$(dirname "$0")" && timeout --foreground 120 "$0" "--gtest_filter=$1") >"$log" 2>&1 || code=$?
    case $code in 0) said=passed ;; 124) said="took over 120 s" ;; *) said=failed ;; esac
    [ "$code" -ne 0 ] || ! grep -q "^\[  SKIPPED \]" "$log" || said=skipped
    echo "$said: $(($(date +%s%N) / 1000000 - from / 1000000)) ms $log"' <"$out/tests/cases" >"$out/tests/results" || true
  title "Tests"
  all=$(wc -l <"$out/tests/cases") passed=$(grep -c ^passed "$out/tests/results") ended=$(wc -l <"$out/tests/results")
  echo "$passed of $all cases for the GPU passed; $((all - ended)) did not end in $limit_tests s" >>"$out/summary.md"
  [ "$passed" -eq "$all" ] && [ "$all" -gt 0 ] || outcome=1
  grep -v ^passed "$out/tests/results" | head -n 20 | while read -r line; do
    printf '\n%s\n' "$line"
    grep -v '^\[\|^Note:\|^$' "${line##* }" | tail -n 8
  done | cut -c 1-250 >>"$out/summary.md"
  # Those that began and did not end.
  cut -d ' ' -f 2- "$out/tests/results" | sed 's/.*tests\/\(.*\)\.log$/\1/' | sort >"$out/tests/ended"
  ls "$out/tests" | sed -n 's/\.log$//p' | sort | comm -23 - "$out/tests/ended" | sed 's/^/did not end: /' >>"$out/summary.md"
}

# beside PROGRAM SECONDS: JAX apart and last, since it compiles for minutes before its first row.
beside() {
  # shellcheck disable=SC2086  # an option or nothing
  timeout "$2" "$python" "$here/peers/compare.py" --device gpu $rehearse --programs "$1" --ours "$build/bench/bench.peer" \
    --folder "$files" --rounds 7 --seconds $(($2 * 4 / 5)) --json "$out/table.$1.json" >"$out/table.$1.md" \
    2>"$out/table.$1.log" || outcome=1
  cat "$out/table.$1.md" >>"$out/summary.md"
  tail -n 15 "$out/table.$1.log" | cut -c 1-300 >>"$out/summary.md"
}

run_table() {
  title "Beside peers"
  beside PyTorch $((limit_table / 2))
  beside JAX $((limit_table / 2))
}

run_kernels() {
  title "Convolutions"
  timeout "$limit_kernels" "$build/bench/bench.kernels" --benchmark_min_time=0.02 \
    --benchmark_filter="^conv(_input_gradient)?/(vgg|resnet).*$([ -n "$rehearse" ] && echo cpu || echo gpu)" \
    --benchmark_format=json >"$out/kernels.json" 2>"$out/kernels.log" ||
    echo "not all, for want of time or for an error: $(tail -n 2 "$out/kernels.log")" >>"$out/summary.md"
  "$python" "$here/shares.py" <"$out/kernels.json" >"$out/kernels.md" 2>>"$out/kernels.log" || outcome=1
  # The summary shows the 3x3 convolutions; kernels.md has all.
  grep -v 'resnet.*1x1\|dense' "$out/kernels.md" >>"$out/summary.md" || true
}

run_profile() {
  title "Profile"
  end=$(($(date +%s) + limit_profile))
  for what in "vgg16 gradients 1" "vgg16 gradients 8" "cnn gradients 1" "resnet50 gradients 1"; do
    left=$((end - $(date +%s)))
    [ "$left" -gt 0 ] || { echo "no time for $what" >>"$out/summary.md"; continue; }
    name=$out/profile.$(echo "$what" | tr ' ' _)
    # shellcheck disable=SC2086  # a list of words
    timeout "$left" sh "$here/profile.sh" --build "$build" $what >"$name.md" 2>"$name.log" ||
      { echo "$what: $(tail -n 3 "$name.log")" >>"$out/summary.md"; continue; }
    { head -n 12 "$name.md"; tail -n 1 "$name.md"; echo; } >>"$out/summary.md"
  done
}

if wanted table; then # the peers' weights, while the tests run
  (PYTHONPATH=$here/peers "$python" -c "import pathlib, on_gpu, peer
peer.prepare(dict.fromkeys(row[0] for row in on_gpu.ROWS), pathlib.Path('$files'))" >"$out/prepare.log" 2>&1) &
fi
if wanted tests; then run_tests; echo "tests: $(now)"; fi
wait
if wanted table; then run_table; echo "table: $(now)"; fi
if wanted kernels; then run_kernels; echo "kernels: $(now)"; fi
if wanted profile; then run_profile; echo "profile: $(now)"; fi
cat "$out/summary.md"
exit "$outcome"
