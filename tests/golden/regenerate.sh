#!/bin/sh
# SPDX-License-Identifier: MIT
# sh tests/golden/regenerate.sh [folder]: creates a virtual environment in the folder (build/golden by default),
# installs the pinned packages there, and regenerates tests/golden/data, manifest.json, families/references.json.gz and
# tests/networks/names.txt.gz.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
environment=${1:-$here/../../build/golden}
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --requirement "$here/requirements.txt"
export PYTHONDONTWRITEBYTECODE=1
"$environment/bin/python" "$here/generate.py"
"$environment/bin/python" "$here/smooth.py"
"$environment/bin/python" "$here/paths.py"
"$environment/bin/python" "$here/full_grad.py"
"$environment/bin/python" "$here/perturbations.py"
"$environment/bin/python" "$here/residual.py"
"$environment/bin/python" "$here/load_in_torch.py" --write
"$environment/bin/python" "$here/load_in_torch.py"
"$environment/bin/python" "$here/../networks/names.py"
"$environment/bin/python" "$here/families/generate.py"
