#!/bin/sh
# SPDX-License-Identifier: MIT
# library.sh [-O0] [FOLDER...] -- compiler argument...: a compiler launcher that takes an object of the library from a
# FOLDER, such as build/src/CMakeFiles/salient.dir, if it is there, and else compiles it: with -O0 without optimisation,
# whatever the command says. Optimised code is tested elsewhere; with this, a project's flags, targets and standard
# library are.
level=
if [ "$1" = -O0 ]; then
  level=-O0
  shift
fi
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
exec "$@" $level
