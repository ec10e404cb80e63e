# SPDX-License-Identifier: MIT
# For those who work on salient itself; nothing of it reaches a project that uses salient.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Eigen without optimisation is a hundred times slower" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(SALIENT_CCACHE ccache)
if(SALIENT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SALIENT_CCACHE})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${SALIENT_CCACHE})
endif()

# For the C++ compiler alone: nvcc has options of its own, and what it makes of a source for the host is not pedantic.
function(compile_cxx_with)
  foreach(option IN LISTS ARGN)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:${option}>)
  endforeach()
endfunction()

compile_cxx_with(-Wall -Wextra -Wpedantic)
add_compile_options($<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-Wall,-Wextra>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    compile_cxx_with(-Wno-restrict)  # false alarms on std::string's operator+: GCC bug 105651
  endif()
  # What GCC's optimiser warns of changes with its version: worth seeing, no reason to stop.
  compile_cxx_with(-Wno-error=maybe-uninitialized -Wno-error=array-bounds -Wno-error=stringop-overflow)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    compile_cxx_with(-Wno-error=dangling-reference)  # new in 13, and often mistaken
  endif()
endif()

# A compiler that is newer than those this was tried with has warnings that nobody has seen yet: worth showing, no
# reason to stop.
set(newest_tried_GNU 14)
set(newest_tried_Clang 22)
if(NOT CMAKE_CXX_COMPILER_VERSION VERSION_LESS "${newest_tried_${CMAKE_CXX_COMPILER_ID}}.99")
  set(CMAKE_COMPILE_WARNING_AS_ERROR OFF)
endif()

set(SALIENT_SANITIZE "" CACHE STRING "Sanitizers to build with: 'address,undefined' or 'thread'")
if(SALIENT_SANITIZE)
  compile_cxx_with(-fsanitize=${SALIENT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SALIENT_SANITIZE})
endif()
