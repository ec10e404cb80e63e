# SPDX-License-Identifier: MIT
# What the library is built from. Users of the installed library need the first five again: see salientConfig.cmake.in.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own package file; CMake 3.30 and later have no other
endif()
set(quiet "")
if(NOT PROJECT_IS_TOP_LEVEL)
  set(quiet QUIET)
endif()

find_package(Boost 1.74 REQUIRED ${quiet})  # Hana, which is headers
find_package(Threads REQUIRED ${quiet})
find_package(PNG REQUIRED ${quiet})
find_package(ZLIB REQUIRED ${quiet})
find_package(hwy 1.0.3 REQUIRED ${quiet})  # vectors
find_package(Eigen3 3.4 REQUIRED NO_MODULE ${quiet})
find_package(nlohmann_json 3.11 REQUIRED ${quiet})
