# SPDX-License-Identifier: MIT
# cmake -DSTRIP=strip -DOBJCOPY=objcopy -DPROGRAMS=folder -DSCRATCH=folder -DWITH_CUDA=ON|OFF -P size.cmake
#
# Every demo is under 2 MB stripped. With CUDA there is half as much again for a third device, CUDA's runtime, and code
# for GPUs, which is not counted: there is as much of it as architectures are asked for.
cmake_minimum_required(VERSION 3.25)

set(most 2000000)
if(WITH_CUDA)
  set(most 3500000)
endif()
set(offences "")
foreach(demo gradients gradients-x-input integrated-gradients deconvolution guided-backprop cam grad-cam guided-grad-cam)
  set(stripped ${SCRATCH}/stripped-${demo})
  execute_process(COMMAND ${STRIP} -o ${stripped} ${PROGRAMS}/salient-${demo} COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE ${stripped} size)
  if(WITH_CUDA)
    execute_process(COMMAND ${OBJCOPY} -O binary --only-section=.nv_fatbin ${stripped} ${stripped}-gpu
      COMMAND_ERROR_IS_FATAL ANY)
    file(SIZE ${stripped}-gpu gpu)
    file(REMOVE ${stripped}-gpu)
    math(EXPR size "${size} - ${gpu}")
  endif()
  file(REMOVE ${stripped})
  message(STATUS "salient-${demo}: ${size} bytes")
  if(size GREATER most)
    string(APPEND offences "salient-${demo} has ${size} bytes; ${most} is the most\n")
  endif()
endforeach()

if(offences)
  message(FATAL_ERROR "${offences}")
endif()
