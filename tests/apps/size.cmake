# SPDX-License-Identifier: MIT
# cmake -DSTRIP=strip -DOBJCOPY=objcopy -DPROGRAMS=folder -DSCRATCH=folder [-DRUNTIME=program -DEMPTY=program] -P size.cmake
#
# Every demo must be under 2 MB when stripped. With CUDA two parts are subtracted. NVIDIA's runtime is measured as the
# difference between a program that only counts GPUs (RUNTIME) and an empty one (EMPTY). Code for GPUs depends on the
# number of architectures.
cmake_minimum_required(VERSION 3.25)

set(most 2000000)

# Size of a stripped program in bytes, and how many of these are code for GPUs.
function(weigh program size_variable gpu_variable)
  set(stripped ${SCRATCH}/stripped)
  execute_process(COMMAND ${STRIP} -o ${stripped} ${program} COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE ${stripped} size)
  set(gpu 0)
  if(RUNTIME)
    execute_process(COMMAND ${OBJCOPY} -O binary --only-section=.nv_fatbin ${stripped} ${stripped}-gpu
      COMMAND_ERROR_IS_FATAL ANY)
    file(SIZE ${stripped}-gpu gpu)
    file(REMOVE ${stripped}-gpu)
  endif()
  file(REMOVE ${stripped})
  set(${size_variable} ${size} PARENT_SCOPE)
  set(${gpu_variable} ${gpu} PARENT_SCOPE)
endfunction()

set(runtime 0)
if(RUNTIME)
  weigh(${RUNTIME} with no_gpu)
  weigh(${EMPTY} without no_gpu)
  math(EXPR runtime "${with} - ${without}")
endif()

set(offences "")
foreach(demo gradients gradients-x-input integrated-gradients deconvolution guided-backprop cam grad-cam guided-grad-cam)
  weigh(${PROGRAMS}/salient-${demo} all gpu)
  math(EXPR size "${all} - ${runtime} - ${gpu}")
  if(RUNTIME)
    message(STATUS "salient-${demo}: ${size} bytes, ${runtime} of NVIDIA's runtime, ${gpu} of code for GPUs")
  else()
    message(STATUS "salient-${demo}: ${size} bytes")
  endif()
  if(size GREATER most)
    string(APPEND offences "salient-${demo} has ${size} bytes; ${most} is the most\n")
  endif()
endforeach()

if(offences)
  message(FATAL_ERROR "${offences}")
endif()
