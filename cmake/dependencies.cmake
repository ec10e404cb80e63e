# SPDX-License-Identifier: MIT
# What the library is built from. Users of the installed library need the first five again: see salientConfig.cmake.in.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own package file; CMake 3.30 and later have no other
endif()
set(quiet "")
if(NOT PROJECT_IS_TOP_LEVEL)
  set(quiet QUIET)
endif()

# salient_need(target package [version]): finds a package, unless its target is there already, because the project that
# this is a part of has found it or builds it itself, as by FetchContent.
macro(salient_need target)
  if(NOT TARGET ${target})
    find_package(${ARGN} REQUIRED ${quiet})
  endif()
endmacro()

salient_need(Boost::headers Boost 1.74)  # Hana, which is headers
salient_need(Threads::Threads Threads)
salient_need(PNG::PNG PNG)
salient_need(ZLIB::ZLIB ZLIB)
salient_need(hwy::hwy hwy 1.0.3)  # vectors
salient_need(nlohmann_json::nlohmann_json nlohmann_json 3.11)

# 3.4 or later. Not as a request, which Eigen's package takes for a single major version.
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 REQUIRED NO_MODULE ${quiet})
  if(Eigen3_VERSION VERSION_LESS 3.4)
    message(FATAL_ERROR "salient needs Eigen 3.4 or later, and found ${Eigen3_VERSION} in ${Eigen3_DIR}; name another one's "
      "folder with -DEigen3_DIR=")
  endif()
endif()
