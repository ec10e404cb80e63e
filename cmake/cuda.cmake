# SPDX-License-Identifier: MIT
# Sets up CUDA for SALIENT_WITH_CUDA.

# Machine code for Turing, Ampere with Ada, and Hopper; newer GPUs compile the PTX when they first load it. The matrix
# product alone takes nvcc about a minute for the three.
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 75-real 80-real 90 CACHE STRING "GPUs to compile kernels for, by compute capability")
endif()
enable_language(CUDA)
if(NOT CMAKE_CUDA_COMPILER_ID STREQUAL "NVIDIA" OR CMAKE_CUDA_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR "salient: SALIENT_WITH_CUDA needs NVIDIA's nvcc 12 or later, for C++20; found "
    "${CMAKE_CUDA_COMPILER} (${CMAKE_CUDA_COMPILER_ID} ${CMAKE_CUDA_COMPILER_VERSION})")
endif()
# Found here also for the tests: only here is it certainly this compiler's toolkit, where several are installed.
find_package(CUDAToolkit 12 REQUIRED GLOBAL ${quiet})
# nvcc's -O is about the host's code, which only enqueues kernels: small code suits it. Kernels are always optimised.
foreach(configuration IN ITEMS RELEASE RELWITHDEBINFO)
  string(REGEX REPLACE "^-O[0-9]( |$)" "-Xcompiler=-Os " CMAKE_CUDA_FLAGS_${configuration} "${CMAKE_CUDA_FLAGS_${configuration}}")
endforeach()
