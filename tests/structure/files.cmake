# SPDX-License-Identifier: MIT
# cmake -DROOT=repository -P files.cmake
#
# Every source file has its licence once, on the first line (a script on its second), and at most 400 lines.
cmake_minimum_required(VERSION 3.25)

set(offences "")
foreach(folder .ci include src apps bench tests cmake)
  file(GLOB_RECURSE more RELATIVE ${ROOT} ${ROOT}/${folder}/*.hpp ${ROOT}/${folder}/*.cpp ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.c ${ROOT}/${folder}/*.cmake
    ${ROOT}/${folder}/*.in ${ROOT}/${folder}/*.sh ${ROOT}/${folder}/*.py ${ROOT}/${folder}/CMakeLists.txt)
  list(APPEND files ${more})
endforeach()
file(GLOB_RECURSE more RELATIVE ${ROOT} ${ROOT}/apps/*.js ${ROOT}/tests/*.js)
list(APPEND files ${more} CMakeLists.txt)
if(EXISTS ${ROOT}/.ci/run)
  list(APPEND files .ci/run)
endif()

foreach(file IN LISTS files)
  file(READ ${ROOT}/${file} content)
  string(REGEX MATCHALL "\n" lines "${content}")
  list(LENGTH lines count)
  if(count GREATER 400)
    string(APPEND offences "${file} has ${count} lines; 400 is the most\n")
  endif()
  if(NOT content MATCHES "^(#![^\n]*\n)?(//|#) SPDX-License-Identifier: MIT\n")
    string(APPEND offences "${file} does not begin with 'SPDX-License-Identifier: MIT' in a comment\n")
  endif()
  string(REGEX MATCHALL "(^|\n)(//|#) SPDX-License-Identifier" marks "${content}")
  list(LENGTH marks count)
  if(count GREATER 1)
    string(APPEND offences "${file} states its licence ${count} times\n")
  endif()
endforeach()

if(offences)
  message(FATAL_ERROR "${offences}")
endif()
