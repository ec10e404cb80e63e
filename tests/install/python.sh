#!/bin/sh
# SPDX-License-Identifier: MIT
# python.sh SCRATCH EXAMPLES: asks the C library of shared/ from Python. Exits with 77 if there is no Python with NumPy.
set -eu
for python in python3 /usr/bin/python3; do
  if "$python" -c "import numpy" 2>/dev/null; then
    export PYTHONPATH="$2" PYTHONDONTWRITEBYTECODE=1
    "$python" "$(dirname "$0")/shared/explain.py" "$1/build/libclassifier.so" "$1/build"
    # From the library's own folder, by its name alone.
    cd "$1/build"
    shown=$("$python" "$2/explain.py" libclassifier.so picture.png gradients)
    echo "$shown"
    [ "$(echo "$shown" | wc -l)" -eq 17 ]  # the class, and a line for each row of pixels
    # The weights that stand beside the library are now zeros.
    mkdir -p zeros
    cp libclassifier.so zeros
    cp zeros.safetensors zeros/tiny.safetensors
    if said=$("$python" "$2/explain.py" zeros/libclassifier.so picture.png gradients 2>&1 >/dev/null) ||
        [ "$said" != "The map is zero everywhere." ]; then
      echo "of a map of zeros explain.py says: $said"
      exit 1
    fi
    exit
  fi
done
echo "no Python with NumPy was found (Debian's python3-numpy)"
exit 77
