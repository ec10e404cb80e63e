# SPDX-License-Identifier: MIT
# cmake -DSTRIP=strip -DPROGRAMS=folder -DSCRATCH=folder -P size.cmake
#
# Every demo is under 2 MB stripped.
cmake_minimum_required(VERSION 3.25)

set(most 2000000)
set(offences "")
foreach(demo gradients gradients-x-input integrated-gradients deconvolution guided-backprop cam grad-cam guided-grad-cam)
  set(stripped ${SCRATCH}/stripped-${demo})
  execute_process(COMMAND ${STRIP} -o ${stripped} ${PROGRAMS}/salient-${demo} COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE ${stripped} size)
  file(REMOVE ${stripped})
  message(STATUS "salient-${demo}: ${size} bytes")
  if(size GREATER most)
    string(APPEND offences "salient-${demo} has ${size} bytes; ${most} is the most\n")
  endif()
endforeach()

if(offences)
  message(FATAL_ERROR "${offences}")
endif()
