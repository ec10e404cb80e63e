# SPDX-License-Identifier: MIT
# cmake -DPREFIX=/usr -DSCRATCH=folder -DGENERATOR=g -DCOMPILER=c++ -DEXAMPLES=folder -DONNX=file -P packages.cmake
#
# Builds and runs a project against packages that are installed, of which the programs bring the importer of ONNX files.
# cmake/package.sh runs it.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
use_installed(${PREFIX} ${EXAMPLES} -DONNX=${ONNX})
