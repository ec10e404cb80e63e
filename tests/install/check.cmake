# SPDX-License-Identifier: MIT
# Configures, builds and runs a project in SCRATCH that finds salient in the given WAY.
cmake_minimum_required(VERSION 3.25)

include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

file(REMOVE_RECURSE ${SCRATCH})
set(consumer ${CMAKE_CURRENT_LIST_DIR}/consumer)
set(project ${consumer})
set(options -DWAY=${WAY} -DCMAKE_BUILD_TYPE=${TYPE})
if(WAY STREQUAL "package")
  run(${CMAKE_COMMAND} --install ${BUILD} --config ${TYPE} --prefix ${SCRATCH}/prefix)
  list(APPEND options -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix
    -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON)
elseif(WAY STREQUAL "parent")
  set(project ${CMAKE_CURRENT_LIST_DIR}/parent)
  set(options -DCONSUMER=${consumer})
endif()
# The parent compiles the library, and fetch_content takes its objects; those of explainers, of which the parent has none,
# from the build that is tested: there they are compiled with the same definitions and options, except of warnings.
if(WAY MATCHES "^(parent|fetch_content)$")
  set(made_there "")
  if(WAY STREQUAL "fetch_content")
    cmake_path(GET SCRATCH PARENT_PATH beside)
    set(made_there ${beside}/parent/build/salient/src/CMakeFiles/salient.dir
      ${BUILD}/src/explainer/CMakeFiles/salient-explainer.dir)
  endif()
  launch_library(${SCRATCH}/library.sh -O0 ${made_there})
  set(LAUNCHER ${SCRATCH}/library.sh)
endif()
run(${CMAKE_COMMAND} -S ${project} -B ${SCRATCH}/build -G ${GENERATOR} -DSALIENT_SOURCE=${SOURCE}
  -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} ${options})

# As a subproject, salient prints nothing, forces no flags, and adds no programs, tests or install rules.
if(NOT WAY STREQUAL "package")
  set(of_cmake "The CXX|Detecting CXX|Check for working CXX|Configuring|Generating|Build files|Performing Test CMAKE_HAVE")
  if(WAY STREQUAL "parent")
    string(APPEND of_cmake "|Found ")  # output of CMake's own find modules
  endif()
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
  return()  # the rest would repeat the build of fetch_content
endif()

run(${CMAKE_COMMAND} --build ${SCRATCH}/build --config ${TYPE} --parallel ${processors})
run_and_expect("explained 2 images" ${SCRATCH}/build/consumer)

# Without a build type the library is still optimised, and each of its sources is compiled by itself.
if(WAY STREQUAL "parent")
  file(READ ${SCRATCH}/build/compile_commands.json commands)
  string(REGEX MATCHALL "\"command\": [^\n]*" commands "${commands}")
  list(FILTER commands INCLUDE REGEX "/src/")
  set(optimised ${commands})
  list(FILTER optimised INCLUDE REGEX " -O[23s] .*/src/[a-z0-9_/]+\\.cpp")
  list(LENGTH commands all)
  list(LENGTH optimised well)
  if(all LESS 30 OR NOT all EQUAL well)
    message(FATAL_ERROR "of ${all} sources ${well} are compiled on their own and optimised")
  endif()
  return()
endif()

run(${SCRATCH}/build/weights ${SCRATCH}/build)
run_and_expect("picture.grad_cam.*page" ${SCRATCH}/build/explain-tiny ${SCRATCH}/build/picture.png --out ${SCRATCH}/out)
if(WAY STREQUAL "package")
  use_pkg_config(${SCRATCH}/prefix --static)
  run_and_expect("picture.grad_cam.*page" ${SCRATCH}/build/explain-imported ${SCRATCH}/build/picture.png --out ${SCRATCH}/imported)
endif()

run_and_expect("refused all that is not finite" ${SCRATCH}/build/refusals)

# Eigen is compiled into the library only; a user's object must not contain it.
file(GLOB_RECURSE object ${SCRATCH}/build/*consumer.cpp.o*)
run(${NM} --demangle ${object})
if(NOT said MATCHES "salient::" OR said MATCHES "Eigen")
  message(FATAL_ERROR "the consumer's object has Eigen in it:\n${said}")
endif()

execute_process(COMMAND ${CMAKE_COMMAND} --build ${SCRATCH}/build --config ${TYPE} --target other_containers
  RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT failed OR NOT said MATCHES "needs_a_library_compiled_with_the_same_standard_library\\(std::__debug::vector")
  message(FATAL_ERROR "a consumer with _GLIBCXX_DEBUG links, or for another reason does not:\n${said}")
endif()
