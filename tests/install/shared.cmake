# SPDX-License-Identifier: MIT
# cmake -DSOURCE=repository -DBUILD=build folder -DSCRATCH=folder -DGENERATOR=g -DCOMPILER=c++ -DNM=nm -P shared.cmake
#
# Installs salient as a shared library, of the objects of the static one in BUILD, and builds and runs a project in C and
# C++ against it.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

# The commands that compile the library in this build folder, without its path.
function(commands_of build result)
  file(STRINGS ${build}/compile_commands.json lines REGEX "\"command\": .* -o src/CMakeFiles/salient\\.dir/")
  list(TRANSFORM lines REPLACE "${build}" "BUILD")
  list(SORT lines)
  set(${result} "${lines}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
set(build ${SCRATCH}/library)
# What decides the commands.
file(READ ${BUILD}/CMakeCache.txt cache)
foreach(name CMAKE_BUILD_TYPE CMAKE_CXX_COMPILER CMAKE_CXX_FLAGS CMAKE_COMPILE_WARNING_AS_ERROR SALIENT_WITH_CUDA
    CMAKE_CUDA_COMPILER CMAKE_CUDA_FLAGS CMAKE_CUDA_ARCHITECTURES Eigen3_DIR hwy_DIR Boost_DIR)
  if(cache MATCHES "\n${name}:[A-Z]+=([^\n]+)")
    file(APPEND ${SCRATCH}/same.cmake "set(${name} [==[${CMAKE_MATCH_1}]==] CACHE STRING \"\")\n")
  endif()
endforeach()
# Objects of the same commands need not be compiled twice.
set(launcher ${SCRATCH}/library.sh)
launch_library(${launcher} ${BUILD}/src/CMakeFiles/salient.dir ${BUILD}/src/explainer/CMakeFiles/salient-explainer.dir)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${build} -G ${GENERATOR} -C ${SCRATCH}/same.cmake -DBUILD_SHARED_LIBS=ON -DSALIENT_BUILD_APPS=OFF
  -DCMAKE_CXX_COMPILER_LAUNCHER=${launcher} -DCMAKE_CUDA_COMPILER_LAUNCHER=${launcher})
if(GENERATOR STREQUAL "Ninja")
  commands_of(${BUILD} static)
  commands_of(${build} shared)
  list(LENGTH shared count)
  if(count LESS 50 OR NOT static STREQUAL shared)
    message(FATAL_ERROR "the shared library's ${count} sources are compiled by other commands than the static one's:\n"
      "${shared}\n${static}")
  endif()
endif()
run(${CMAKE_COMMAND} --build ${build} --parallel ${processors})
run(${CMAKE_COMMAND} --install ${build} --prefix ${SCRATCH}/prefix)

# libsalient.so -> libsalient.so.0.1 -> libsalient.so.0.1.0, and no static library beside it.
file(STRINGS ${SOURCE}/CMakeLists.txt version REGEX "^project\\(salient VERSION")
string(REGEX MATCH "([0-9]+\\.[0-9]+)\\.[0-9]+" version "${version}")
set(soname libsalient.so.${CMAKE_MATCH_1})
file(GLOB_RECURSE library ${SCRATCH}/prefix/*/libsalient.so.${version})
cmake_path(GET library PARENT_PATH folder)
file(READ_SYMLINK ${folder}/libsalient.so first)
file(READ_SYMLINK ${folder}/${soname} second)
if(NOT first STREQUAL soname OR NOT second STREQUAL "libsalient.so.${version}" OR EXISTS ${folder}/libsalient.a)
  message(FATAL_ERROR "libsalient.so is ${first}, ${soname} is ${second}")
endif()

# Its symbols are of salient, and each function's name stands in a public header.
file(GLOB_RECURSE headers ${SCRATCH}/prefix/include/*.hpp)
set(interface "")
foreach(header IN LISTS headers)
  file(READ ${header} text)
  string(APPEND interface "${text}")
endforeach()
run(${NM} -D --demangle --defined-only --format=posix ${library})
string(REGEX REPLACE "[][;]" "" said "${said}")
string(REGEX MATCHALL "[^\n]+" symbols "${said}")
set(count 0)
foreach(symbol IN LISTS symbols)
  string(REGEX REPLACE " [A-Za-z] [0-9a-f ]*$" "" symbol "${symbol}")
  string(REGEX MATCH "^[^(]*" name "${symbol}")
  while(name MATCHES "<[^<>]*>")
    string(REGEX REPLACE "<[^<>]*>" "" name "${name}")
  endwhile()
  string(REGEX REPLACE "abi:cxx11" "" name "${name}")
  if(NOT name MATCHES "salient::(.*::)?(operator.*|~?([A-Za-z_0-9]+))$")
    message(FATAL_ERROR "the shared library shows ${symbol}")
  endif()
  string(FIND "${interface}" "${CMAKE_MATCH_3}" at)
  if(at LESS 0)
    message(FATAL_ERROR "the shared library shows ${symbol}, which is in no public header")
  endif()
  math(EXPR count "${count} + 1")
endforeach()

# What programs use of the static library, by public headers alone, is in the shared one.
file(GLOB_RECURSE objects ${BUILD}/apps/*.o ${BUILD}/src/explainer/*.o ${BUILD}/tests/readme/*.o)
list(FILTER objects EXCLUDE REGEX "salient-import")
run(${NM} --undefined-only --format=just-symbols ${objects})
string(REGEX MATCHALL "_Z[A-Z]*N7salient[^\n]*" used "${said}")
list(REMOVE_DUPLICATES used)
run(${NM} --defined-only --extern-only --format=just-symbols ${BUILD}/src/libsalient.a)
string(REGEX MATCHALL "_Z[A-Z]*N7salient[^\n]*" static "${said}")
run(${NM} -D --defined-only --format=just-symbols ${library})
string(REGEX MATCHALL "_Z[^\n]*" shown "${said}")
set(own ${used})
list(REMOVE_ITEM own ${static})
list(REMOVE_ITEM used ${own})  # these are the program's own
list(LENGTH used needed)
list(REMOVE_ITEM used ${shown})
list(FILTER used EXCLUDE REGEX "6detail.*sha256")  # which explainers have in them
if(used OR needed LESS 100)
  message(FATAL_ERROR "programs use ${needed} symbols; not in the shared library are ${used}")
endif()

use_installed(${SCRATCH}/prefix ${SOURCE}/apps/c)
run(${NM} -D --defined-only --format=just-symbols ${SCRATCH}/build/libclassifier.so)
string(REGEX REPLACE "(classifier_network|salient_[a-z_]+)\n" "" rest "${said}")
if(rest)
  message(FATAL_ERROR "a C library shows ${rest}")
endif()
message(STATUS "${count} symbols; programs use ${needed}")
