#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: sh cmake/fetch_mnist.sh FOLDER [NAME...]
# Downloads MNIST's four files, or the named ones (t10k-labels-idx1-ubyte), gzipped as published, and checks the MD5 of
# their content. Either all arrive or none; existing files are not fetched again. Needs curl or wget.
# MNIST_MIRRORS, a list of URLs, replaces the default mirrors.
set -eu

mirrors=${MNIST_MIRRORS:-"https://ossci-datasets.s3.amazonaws.com/mnist
  https://storage.googleapis.com/cvdf-datasets/mnist"}

# fail exit-code message
fail() {
  echo "fetch_mnist.sh: $2" >&2
  exit "$1"
}

md5_of() {
  case $1 in
    train-images-idx3-ubyte) echo 6bbc9ace898e44ae57da46a324031adb ;;
    train-labels-idx1-ubyte) echo a25bea736e30d166cdddb491f175f624 ;;
    t10k-images-idx3-ubyte) echo 2646ac647ad5339dbf082846283269ea ;;
    t10k-labels-idx1-ubyte) echo 27ae3e4e09519cfbb04c329615203637 ;;
    *) fail 2 "MNIST has no file '$1'; name train-images-idx3-ubyte, train-labels-idx1-ubyte, \
t10k-images-idx3-ubyte or t10k-labels-idx1-ubyte" ;;
  esac
}

# is_right name file.gz: whether the decompressed file is the published one.
is_right() { gzip -t "$2" 2>/dev/null && [ "$(gzip -dc "$2" | md5sum | cut -c 1-32)" = "$(md5_of "$1")" ]; }

# download url file
download() {
  if command -v curl >/dev/null; then
    curl -fsSL --connect-timeout 20 --max-time 900 --max-filesize 20000000 -o "$2" "$1"
  else
    wget -nv --timeout=60 --tries=2 -O "$2" "$1"
  fi
}

# fetch name: downloads into $new from the first mirror that has the right file.
fetch() {
  for mirror in $mirrors; do
    if ! download "$mirror/$1.gz" "$new/$1.gz" 2>"$new/why"; then
      reason=$(tail -n 1 "$new/why")
    elif is_right "$1" "$new/$1.gz"; then
      return
    else
      reason="its content has another MD5 than $(md5_of "$1")"
    fi
    reasons="${reasons:-}; $mirror: ${reason:-it could not be fetched}"
  done
  fail 1 "no mirror has $1.gz as published${reasons:-}; try again later, or set MNIST_MIRRORS"
}

[ -n "${1:-}" ] || fail 2 "usage: sh cmake/fetch_mnist.sh FOLDER [NAME...]"
folder=$1
shift
[ $# -gt 0 ] || set -- train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte
for name in "$@"; do
  md5_of "$name" >/dev/null
  # The reader prefers a raw file to a gzipped one, so a wrong raw file would hide the new one.
  if [ -e "$folder/$name" ] && [ "$(md5sum <"$folder/$name" | cut -c 1-32)" != "$(md5_of "$name")" ]; then
    fail 1 "$folder/$name is not MNIST's, and would be read instead of what is fetched; move it away"
  fi
done
command -v curl >/dev/null || command -v wget >/dev/null || fail 1 "needs curl or wget; install one of them"

made=
if [ ! -d "$folder" ]; then
  mkdir "$folder" 2>/dev/null || fail 1 "cannot make the folder $folder; its parent must be there and writable"
  made=yes
fi
new=
clean() {
  [ -z "$new" ] || rm -rf "$new"
  [ -z "$made" ] || rmdir "$folder" 2>/dev/null || true  # empty only if fetching failed
}
trap clean EXIT
trap 'exit 130' HUP INT TERM
new=$(mktemp -d "$folder/.fetch.XXXXXX" 2>/dev/null) || fail 1 "cannot write to the folder $folder"

for name in "$@"; do
  if [ -e "$folder/$name" ] || is_right "$name" "$folder/$name.gz"; then continue; fi
  echo "Fetching $name.gz"
  fetch "$name"
done
for file in "$new"/*.gz; do
  if [ -f "$file" ]; then mv "$file" "$folder"; fi
done
echo "MNIST is in $folder"
