#!/bin/sh
# SPDX-License-Identifier: MIT
# sh ran.sh: tests .github/ran.sh on what ctest prints of tests that pass, fail and are skipped.
set -eu
ran=$(cd "$(dirname "$0")/../.." && pwd)/.github/ran.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
cat >CTestTestfile.cmake <<'END'
add_test(good.one echo)
add_test(good.two echo)
add_test(some.passes echo)
add_test(some.lacks echo "skipped: there is no browser")
add_test(lacks echo "skipped: ")
set_tests_properties(some.lacks lacks PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: ")
add_test(bad false)
add_test(absent ./absent)
END
ctest >log 2>&1 || true

# expect 0|1 prefix...: the exit status.
expect() {
  wanted=$1
  shift
  status=0
  said=$(sh "$ran" log "$@") || status=$?
  if [ "$status" -ne "$wanted" ]; then
    echo "ran.sh $* exits with $status, not $wanted, and says: $said"
    cat log
    exit 1
  fi
}
expect 0 good.
expect 0 good. some.passes
expect 1 some.  # of which one is skipped
expect 1 lacks
expect 1 bad
expect 1 absent
expect 1 go.d  # a dot stands for itself
expect 1 good. none.
