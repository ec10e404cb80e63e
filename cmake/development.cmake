# SPDX-License-Identifier: MIT
# Settings for development of salient itself. Projects that use salient do not see them.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Eigen without optimisation is a hundred times slower" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(SALIENT_CCACHE ccache)
if(SALIENT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SALIENT_CCACHE})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${SALIENT_CCACHE})
endif()

# For the C++ compiler only: nvcc has other options, and the host code that it generates is not pedantic.
function(compile_cxx_with)
  foreach(option IN LISTS ARGN)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:${option}>)
  endforeach()
endfunction()

compile_cxx_with(-Wall -Wextra -Wpedantic)
add_compile_options($<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-Wall,-Wextra>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    compile_cxx_with(-Wno-restrict)  # false positives for std::string's operator+: GCC bug 105651
  endif()
  # These warnings of GCC's optimiser change with its version, so they are shown but are no errors.
  compile_cxx_with(-Wno-error=maybe-uninitialized -Wno-error=array-bounds -Wno-error=stringop-overflow
    -Wno-error=stringop-overread)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    compile_cxx_with(-Wno-error=dangling-reference)  # new in GCC 13, with many false positives
  endif()
endif()

# Compilers newer than the tested ones may have new warnings. Show them, but do not stop.
set(newest_tried_GNU 14)
set(newest_tried_Clang 22)
if(NOT CMAKE_CXX_COMPILER_VERSION VERSION_LESS "${newest_tried_${CMAKE_CXX_COMPILER_ID}}.99")
  set(CMAKE_COMPILE_WARNING_AS_ERROR OFF)
endif()

set(SALIENT_SANITIZE "" CACHE STRING "Sanitizers to build with: 'address,undefined' or 'thread'")
if(SALIENT_SANITIZE)
  compile_cxx_with(-fsanitize=${SALIENT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SALIENT_SANITIZE})
  # Hundreds of programs, each with a sanitizer's runtime: LLVM's linker takes a third of the time of GNU's.
  include(CheckLinkerFlag)
  set(CMAKE_REQUIRED_QUIET ON)
  check_linker_flag(CXX -fuse-ld=lld SALIENT_HAS_LLD)
  if(SALIENT_HAS_LLD)
    add_link_options(-fuse-ld=lld)
  endif()
endif()
