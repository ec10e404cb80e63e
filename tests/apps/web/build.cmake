# SPDX-License-Identifier: MIT
# cmake -DSOURCE=repository -DBUILD=folder -DGENERATOR=generator -DLAUNCHER=ccache -P build.cmake
#
# Builds the page in BUILD/site. Skipped, with the reason, without a compiler for WebAssembly.
cmake_minimum_required(VERSION 3.25)

cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE}/apps/web -B ${BUILD} -G ${GENERATOR} -DSITE=${BUILD}/site
    -DCMAKE_TOOLCHAIN_FILE=${SOURCE}/apps/web/toolchain.cmake -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
    -DCMAKE_COMPILE_WARNING_AS_ERROR=ON
  RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(said MATCHES "no compiler for WebAssembly[^)]*\\)")
  string(REGEX REPLACE "[ \n]+" " " reason "${CMAKE_MATCH_0}")
  message(STATUS "skipped: ${reason}")
  file(REMOVE_RECURSE ${BUILD}/site)
  return()
endif()
if(NOT failed)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${BUILD} --parallel ${processors}
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
endif()
if(failed)
  message(FATAL_ERROR "${said}")
endif()
