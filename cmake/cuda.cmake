# SPDX-License-Identifier: MIT
# CUDA, for SALIENT_WITH_CUDA.

# Code for Turing, for Ampere and Ada, and for Hopper, and PTX, which newer GPUs compile for themselves when they first
# see it. The product of matrices alone takes nvcc about a minute for the three.
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 75-real 80-real 90 CACHE STRING "GPUs to compile kernels for, by compute capability")
endif()
enable_language(CUDA)
if(NOT CMAKE_CUDA_COMPILER_ID STREQUAL "NVIDIA" OR CMAKE_CUDA_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR "salient: SALIENT_WITH_CUDA needs NVIDIA's nvcc 12 or later, for C++20; found "
    "${CMAKE_CUDA_COMPILER} (${CMAKE_CUDA_COMPILER_ID} ${CMAKE_CUDA_COMPILER_VERSION})")
endif()
# For the tests too: only here is it sure to be the toolkit of this compiler, of several that there may be.
find_package(CUDAToolkit 12 REQUIRED GLOBAL ${quiet})
