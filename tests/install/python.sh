#!/bin/sh
# SPDX-License-Identifier: MIT
# python.sh SCRATCH EXAMPLES: asks the C library of shared/ from Python. Exits with 77 if there is no Python with NumPy.
set -eu
for python in python3 /usr/bin/python3; do
  if "$python" -c "import numpy" 2>/dev/null; then
    export PYTHONPATH="$2" PYTHONDONTWRITEBYTECODE=1
    "$python" "$(dirname "$0")/shared/explain.py" "$1/build/libclassifier.so" "$1/build"
    shown=$("$python" "$2/explain.py" "$1/build/libclassifier.so" "$1/build/picture.png" gradients)
    echo "$shown"
    [ "$(echo "$shown" | wc -l)" -eq 17 ]  # the class, and a line for each row of pixels
    exit
  fi
done
echo "no Python with NumPy was found (Debian's python3-numpy)"
exit 77
