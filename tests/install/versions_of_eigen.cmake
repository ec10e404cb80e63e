# SPDX-License-Identifier: MIT
# cmake -DSOURCE=repository -DSCRATCH=folder -DGENERATOR=generator -DCOMPILER=c++ -P versions_of_eigen.cmake
#
# Configures the library against fake Eigen packages of several versions. Like Eigen's own, they accept a request only
# for their own major version.
cmake_minimum_required(VERSION 3.25)

foreach(version 3.3.9 3.4.0 5.0.1)
  string(REGEX MATCH "^[0-9]+" major ${version})
  set(package ${SCRATCH}/${version}/share/eigen3/cmake)
  file(WRITE ${package}/Eigen3Config.cmake "add_library(Eigen3::Eigen INTERFACE IMPORTED)\n")
  file(WRITE ${package}/Eigen3ConfigVersion.cmake "set(PACKAGE_VERSION ${version})
if(NOT PACKAGE_FIND_VERSION OR PACKAGE_FIND_VERSION_MAJOR EQUAL ${major})
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
")
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${SCRATCH}/${version}/build -G ${GENERATOR}
      -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_PREFIX_PATH=${SCRATCH}/${version}
      -DSALIENT_BUILD_APPS=OFF -DSALIENT_BUILD_TESTS=OFF -DSALIENT_BUILD_BENCH=OFF
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  string(REGEX REPLACE "[ \n]+" " " said "${said}")  # CMake wraps its messages
  if(version VERSION_LESS 3.4)
    if(NOT said MATCHES "salient needs Eigen 3.4 or later, and found 3.3.9 in")
      message(FATAL_ERROR "with Eigen ${version} CMake says: ${said}")
    endif()
  else()
    if(failed)
      message(FATAL_ERROR "with Eigen ${version} CMake says: ${said}")
    endif()
    file(STRINGS ${SCRATCH}/${version}/build/CMakeCache.txt taken REGEX "^Eigen3_DIR:")
    if(NOT taken MATCHES "=${package}$")
      message(FATAL_ERROR "Eigen ${version} was offered, and another was taken: ${taken}")
    endif()
  endif()
endforeach()
