#!/bin/sh
# SPDX-License-Identifier: MIT
# sh tests/import/torchvision.sh [NETWORK...]: creates a virtual environment in build/torchvision, installs
# pinned packages there, builds the importer, and checks that networks of torchvision, after PyTorch's two
# exporters and salient-import, still give PyTorch's scores and gradients. Without names it takes twenty of
# them, and ten minutes.
# PYTHON=... takes that interpreter and its packages instead, BUILD=... that build folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
environment=$here/../../build/torchvision
build=${BUILD:-$environment/build}
if [ -z "${PYTHON:-}" ]; then
  PYTHON=$environment/bin/python
  python3 -m venv "$environment"
  "$PYTHON" -m pip install --quiet --requirement "$here/torchvision_requirements.txt"
fi
[ -f "$build/build.ninja" ] ||
  cmake -S "$here/../.." -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$build" --target salient salient-import >/dev/null
export PYTHONDONTWRITEBYTECODE=1
exec "$PYTHON" "$here/torchvision_check.py" "$build" "$@"
