# SPDX-License-Identifier: MIT
# For those who work on salient itself; nothing of it reaches a project that uses salient.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Eigen without optimisation is a hundred times slower" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(SALIENT_CCACHE ccache)
if(SALIENT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SALIENT_CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    add_compile_options(-Wno-restrict)  # false alarms on std::string's operator+: GCC bug 105651
  endif()
  # What GCC's optimiser warns of changes with its version: worth seeing, no reason to stop.
  add_compile_options(-Wno-error=maybe-uninitialized -Wno-error=array-bounds -Wno-error=stringop-overflow)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    add_compile_options(-Wno-error=dangling-reference)  # new in 13, and often mistaken
  endif()
endif()

set(SALIENT_SANITIZE "" CACHE STRING "Sanitizers to build with: 'address,undefined' or 'thread'")
if(SALIENT_SANITIZE)
  add_compile_options(-fsanitize=${SALIENT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SALIENT_SANITIZE})
endif()
