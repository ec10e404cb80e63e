#!/bin/sh
# SPDX-License-Identifier: MIT
# sh tests/import/regenerate.sh [folder of ONNX files]: creates a virtual environment in build/import, installs the pinned
# packages there, and regenerates tests/import/exported, references.json.gz and manifest.json; and, if a folder is named,
# scores.json of its files.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
environment=$here/../../build/import
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --requirement "$here/requirements.txt"
export PYTHONDONTWRITEBYTECODE=1
"$environment/bin/python" "$here/generate_exported.py"
[ -z "${1:-}" ] || "$environment/bin/python" "$here/generate_scores.py" "$1"
