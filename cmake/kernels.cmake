# SPDX-License-Identifier: MIT

# salient_kernels(target source.cpp...): adds kernels' sources to a target; with CUDA, a second time for the GPU, each by
# way of a file of one line that nvcc compiles.
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
  # C++20 by hand, for CMake 3.25.1 does not know that nvcc knows it; lambdas and constexpr functions for both sides;
  # no warnings of what Eigen annotates but also defaults.
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANGUAGE:CUDA>:-std=c++20;--extended-lambda;--expt-relaxed-constexpr;--diag-suppress=20012>")
endfunction()
