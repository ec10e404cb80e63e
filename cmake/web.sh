#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs missing packages, compiles the digit classifiers to WebAssembly, and builds a page that explains digits as one
# draws them, in ./web. Any web server can serve that folder.
set -eu
cd "$(dirname "$0")/.."
. cmake/setup.sh

# shellcheck disable=SC2086  # a list of words
install $page
install_wasm || { echo "web.sh: no Clang that compiles for WebAssembly can be had" >&2; exit 1; }
mkdir -p build
cmake -S apps/web -B build/web -G Ninja -DCMAKE_TOOLCHAIN_FILE="$PWD/apps/web/toolchain.cmake" -DSITE="$PWD/web" \
  >build/web.log 2>&1 || { cat build/web.log; exit 1; }
cmake --build build/web -j "$jobs"

echo
echo "$PWD/web: $(cat web/* | wc -c) bytes. To look at it:"
echo "  python3 -m http.server --directory web    and open http://localhost:8000"
