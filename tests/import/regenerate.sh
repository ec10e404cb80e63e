#!/bin/sh
# SPDX-License-Identifier: MIT
# sh tests/import/regenerate.sh [folder of ONNX files]: creates virtual environments in build/import and build/import-keras,
# installs the pinned packages there, and regenerates tests/import/exported, references.json.gz and manifest.json; and, if a
# folder is named, scores.json of its files.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
environment=$here/../../build/import
export PYTHONDONTWRITEBYTECODE=1

# Each in an environment of its own, because newer packages of PyTorch and of TensorFlow need not go together.
install() { # ENVIRONMENT REQUIREMENTS
  python3 -m venv "$1"
  "$1/bin/pip" install --quiet --requirement "$here/$2"
}

install "$environment" requirements.txt
"$environment/bin/python" "$here/generate_exported.py"
install "$environment-keras" keras_requirements.txt
# tf2onnx goes through sets of names, whose order depends on this.
PYTHONHASHSEED=0 "$environment-keras/bin/python" "$here/generate_keras.py"
[ -z "${1:-}" ] || "$environment/bin/python" "$here/generate_scores.py" "$1"
