#!/bin/sh
# SPDX-License-Identifier: MIT
# sh ran.sh LOG PREFIX...: LOG is what ctest printed. Fails unless a test whose name begins with each prefix passed, and
# none of them was skipped, as tests are that lack a program.
set -eu
log=$1
shift
status=0
for prefix in "$@"; do
  test="Test *#[0-9]*: $(echo "$prefix" | sed 's/\./\\./g')"
  if grep "$test.*\*\*\*\(Skipped\|Not Run\)" "$log"; then status=1; fi
  if ! grep -q "$test.* Passed " "$log"; then
    echo "no test whose name begins with $prefix passed"
    status=1
  fi
done
[ "$status" -eq 0 ] || grep -hs "skipped: " build/*/Testing/Temporary/LastTest.log || true
exit "$status"
