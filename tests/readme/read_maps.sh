#!/bin/sh
# SPDX-License-Identifier: MIT
# read_maps.sh EXPLAIN SCRIPT: makes shards of maps and reads them from Python. Exits with 77 without safetensors and NumPy.
set -eu
python3 -c "import numpy, safetensors" 2>/dev/null || { echo "no Python with NumPy and safetensors was found"; exit 77; }
rm -rf maps
"$1" cnn 0:5 --method gradients --write maps --shard-size 2 --out maps
shown=$(python3 "$2" maps gradients)
echo "$shown"
[ "$(echo "$shown" | wc -l)" -eq 5 ]
echo "$shown" | grep -q "^digit-4 is a 4 by what is at ([0-9]*, [0-9]*)$"
