# SPDX-License-Identifier: MIT
# CTest reads this first in a build with CUDA. The names of GPU tests say whether there is a GPU, but CTest caches the
# lists of names until a program is rebuilt. If the answer of one program has changed, for example on another machine,
# this deletes the lists, so that CTest asks all programs again.
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${program} --gtest_list_tests OUTPUT_VARIABLE now ERROR_QUIET)
set(then "")
if(EXISTS ${folder}/listed.txt)
  file(READ ${folder}/listed.txt then)
endif()
if(NOT now STREQUAL then)
  file(GLOB_RECURSE lists ${folder}/*_tests.cmake)
  if(lists)
    file(REMOVE ${lists})
  endif()
  file(WRITE ${folder}/listed.txt "${now}")
endif()
