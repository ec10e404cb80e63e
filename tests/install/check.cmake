# SPDX-License-Identifier: MIT
# Configures, builds and runs the consumer project in SCRATCH, with salient found in one WAY.
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    message(FATAL_ERROR "${ARGN}:\n${said}")
  endif()
  set(said "${said}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
set(here "")
if(WAY STREQUAL "package")
  run(${CMAKE_COMMAND} --install ${BUILD} --config ${TYPE} --prefix ${SCRATCH}/prefix)
  set(here -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix
    -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON)
endif()
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${SCRATCH}/build -G ${GENERATOR} -DWAY=${WAY}
  -DSALIENT_SOURCE=${SOURCE} -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
  -DCMAKE_BUILD_TYPE=${TYPE} ${here})

# A dependency is quiet: it says nothing, forces no flags, and brings no programs, tests or install rules along.
if(NOT WAY STREQUAL "package")
  set(of_cmake "The CXX|Detecting CXX|Check for working CXX|Configuring|Generating|Build files|Performing Test CMAKE_HAVE")
  string(REGEX REPLACE "-- (${of_cmake})[^\n]*\n" "" rest "${said}")
  if(rest MATCHES "[^ \n]")
    message(FATAL_ERROR "as a dependency, salient says: ${rest}")
  endif()
  file(GLOB brought ${SCRATCH}/build/*salient*/apps ${SCRATCH}/build/*salient*/tests ${SCRATCH}/build/*salient*/bench
    ${SCRATCH}/build/_deps/*salient*/apps ${SCRATCH}/build/_deps/*salient*/tests)
  if(brought)
    message(FATAL_ERROR "as a dependency, salient brings ${brought}")
  endif()
  run(${CMAKE_COMMAND} --install ${SCRATCH}/build --config ${TYPE} --prefix ${SCRATCH}/prefix)
  if(EXISTS ${SCRATCH}/prefix/include)
    message(FATAL_ERROR "as a dependency, salient installs itself")
  endif()
endif()
if(WAY STREQUAL "add_subdirectory")
  return()  # the build is what fetch_content builds
endif()

cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
run(${CMAKE_COMMAND} --build ${SCRATCH}/build --config ${TYPE} --parallel ${processors})
run(${SCRATCH}/build/consumer)
if(NOT said MATCHES "explained 2 images")
  message(FATAL_ERROR "the consumer says: ${said}")
endif()

# Eigen has been compiled into the library; a user's object has none of it.
file(GLOB_RECURSE object ${SCRATCH}/build/*consumer.cpp.o*)
run(${NM} --demangle ${object})
if(NOT said MATCHES "salient::" OR said MATCHES "Eigen")
  message(FATAL_ERROR "the consumer's object has Eigen in it:\n${said}")
endif()
