# SPDX-License-Identifier: MIT

# salient_kernels(target source.cpp...): adds kernel sources to a target. With CUDA, nvcc compiles each a second time
# for the GPU, through a generated one-line .cu file.
function(salient_kernels target)
  target_sources(${target} PRIVATE ${ARGN})
  if(NOT SALIENT_WITH_CUDA)
    return()
  endif()
  foreach(source IN LISTS ARGN)
    string(REGEX REPLACE "\\.cpp$" ".cu" generated ${CMAKE_CURRENT_BINARY_DIR}/${source})
    file(CONFIGURE OUTPUT ${generated} CONTENT "#include \"${CMAKE_CURRENT_SOURCE_DIR}/${source}\"\n")
    target_sources(${target} PRIVATE ${generated})
  endforeach()
  # -std by hand, because CMake 3.25.1 does not know that nvcc supports C++20; lambdas and constexpr functions on both
  # host and device; no warning about Eigen's annotated but defaulted functions.
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANGUAGE:CUDA>:-std=c++20;--extended-lambda;--expt-relaxed-constexpr;--diag-suppress=20012>")
endfunction()
