#!/bin/sh
# SPDX-License-Identifier: MIT
# sh cmake/coverage.sh [ctest's arguments]: builds everything with gcov's counters, runs the tests, and lists for each
# file of include/ and src/ the share of lines that ran. Exits with 1 if a file has less than 95 %.
# build/coverage/html/index.html shows the lines.
set -eu
cd "$(dirname "$0")/.."
. cmake/setup.sh

# shellcheck disable=SC2086  # lists of words
install $library $tests gcovr
cmake --preset coverage -DCMAKE_CXX_COMPILER=g++
find build/coverage -name '*.gcda' -delete
cmake --build --preset coverage -j "$jobs"
ctest --preset coverage -j "$jobs" -E '^(install|reject|structure)' "$@"  # the others run no code of the library

lines=build/coverage/lines.csv
mkdir -p build/coverage/html
gcovr --root . --filter include/ --filter src/ --gcov-ignore-parse-errors -j "$jobs" \
  --csv "$lines" --html-details build/coverage/html/index.html build/coverage
awk -F, '
  NR > 1 { printf "%6.1f %% of %4d lines  %s\n", 100 * $4, $2, $1; all += $2; run += $3; if ($4 < 0.95) few++ }
  END { printf "%6.1f %% of %4d lines in all; %d files have less than 95 %%\n", 100 * run / all, all, few; exit few > 0 }
' "$lines"
