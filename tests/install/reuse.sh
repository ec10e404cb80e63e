#!/bin/sh
# SPDX-License-Identifier: MIT
# reuse.sh BUILD compiler argument...: a compiler launcher that takes objects of the library from another build folder,
# which compiled them by the same command, so that the library need not be compiled twice.
build=$1
shift
previous=
object=
for word in "$@"; do
  if [ "$previous" = -o ]; then object=$word; fi
  previous=$word
done
case $object in
  src/CMakeFiles/salient.dir/* | src/explainer/CMakeFiles/salient-explainer.dir/*)
    if [ -e "$build/$object" ]; then exec cp "$build/$object" "$object"; fi
    ;;
esac
exec "$@"
