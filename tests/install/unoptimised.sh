#!/bin/sh
# SPDX-License-Identifier: MIT
# unoptimised.sh [FOLDER...] -- compiler argument...: a compiler launcher that compiles the library without optimisation,
# whatever the command says, or takes an object from a FOLDER, such as build/src/CMakeFiles/salient.dir, where there is
# one. Optimised code is tested elsewhere; with this, a project's flags, targets and standard library are.
folders=
while [ "$1" != -- ]; do
  folders="$folders $1"
  shift
done
shift
previous=
object=
for word in "$@"; do
  if [ "$previous" = -o ]; then object=$word; fi
  previous=$word
done
case $object in
  */CMakeFiles/salient*.dir/*) ;;
  *) exec "$@" ;;
esac
for folder in $folders; do
  from=$folder/${object#*/"${folder##*/}"/}
  if [ "$from" != "$folder/$object" ] && [ -e "$from" ]; then exec cp "$from" "$object"; fi
done
exec "$@" -O0
