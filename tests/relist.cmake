# SPDX-License-Identifier: MIT
# What CTest reads first in a build with CUDA. Names of tests for the GPU say whether there is one, and CTest keeps the
# lists of them until a program is built anew. That may have changed since, or this be another machine: then it is to
# ask the programs again. One of them, program, is asked each time.
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
