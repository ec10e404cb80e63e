# SPDX-License-Identifier: MIT
# The library's dependencies. Users of the installed library need the first six too: see salientConfig.cmake.in.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # find Boost by its own package file; CMake 3.30 and later do nothing else
endif()
set(quiet "")
if(NOT PROJECT_IS_TOP_LEVEL)
  set(quiet QUIET)
endif()

# salient_need(target package [version]): finds a package unless its target exists already, because the enclosing
# project has found it or builds it itself, for example by FetchContent.
macro(salient_need target)
  if(NOT TARGET ${target})
    find_package(${ARGN} REQUIRED ${quiet})
  endif()
endmacro()

salient_need(Boost::headers Boost 1.74)  # header-only: Hana
salient_need(Threads::Threads Threads)
salient_need(PNG::PNG PNG)
salient_need(JPEG::JPEG JPEG)
salient_need(ZLIB::ZLIB ZLIB)
salient_need(hwy::hwy hwy 1.0.3)  # SIMD vectors
salient_need(nlohmann_json::nlohmann_json nlohmann_json 3.11)

# Version 3.4 or later, checked here: Eigen's package file accepts a request only for its own major version.
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 REQUIRED NO_MODULE ${quiet})
  if(Eigen3_VERSION VERSION_LESS 3.4)
    message(FATAL_ERROR "salient needs Eigen 3.4 or later, and found ${Eigen3_VERSION} in ${Eigen3_DIR}; name another one's "
      "folder with -DEigen3_DIR=")
  endif()
endif()
