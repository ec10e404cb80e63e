# SPDX-License-Identifier: MIT
# cmake -DROOT=repository -DNM=nm -DOBJECTS=objects -P standard_library.cmake
#
# Every public header with standard containers must refer to the function that makes linking fail if the user's standard
# library differs from the library's. OBJECTS are the headers' object files, each compiled alone.
cmake_minimum_required(VERSION 3.25)

set(offences "")
set(seen 0)
foreach(object IN LISTS OBJECTS)
  string(REGEX REPLACE ".*/alone/(.*)\\.cpp\\.o(bj)?$" "\\1.hpp" header ${object})
  file(STRINGS ${ROOT}/include/${header} containers REGEX "std::(string|vector|optional|function|map|filesystem)[^_a-z]")
  if(NOT containers)
    continue()
  endif()
  math(EXPR seen "${seen} + 1")
  execute_process(COMMAND ${NM} -u ${object} OUTPUT_VARIABLE needed COMMAND_ERROR_IS_FATAL ANY)
  if(NOT needed MATCHES "needs_a_library_compiled_with_the_same_standard_library")
    string(APPEND offences "${header} should include salient/core/standard_library.hpp: ${containers}\n")
  endif()
endforeach()
if(seen LESS 20)
  string(APPEND offences "only ${seen} headers with containers seen: the search is wrong\n")
endif()
if(offences)
  message(FATAL_ERROR "${offences}")
endif()
