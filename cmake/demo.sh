#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs missing packages, builds the programs, and explains real digits by every method, in ./gallery.
set -eu
cd "$(dirname "$0")/.."
. cmake/setup.sh

# shellcheck disable=SC2086  # a list of words
install $library
mkdir -p build
cmake --preset demo >build/demo.log 2>&1 || { cat build/demo.log; exit 1; }
cmake --build --preset demo -j "$jobs" --target salient-gallery
build/demo/apps/salient-gallery --out gallery

echo
echo "$PWD/gallery/gallery.png"
echo "$PWD/gallery/gallery.html"
