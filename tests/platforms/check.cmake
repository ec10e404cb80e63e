# SPDX-License-Identifier: MIT
# cmake -DPLATFORM=arm32|arm64|libcxx -DSOURCE=repository -DSYSROOTS=folder -DSCRATCH=folder -DGENERATOR=generator
#   -DLAUNCHER=ccache -DBOOST=folder of BoostConfig.cmake -P check.cmake
cmake_minimum_required(VERSION 3.25)

cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    message(FATAL_ERROR "${ARGN}:\n${said}")
  endif()
endfunction()

set(arm32 armhf arm-linux-gnueabihf qemu-arm)
set(arm64 arm64 aarch64-linux-gnu qemu-aarch64)
if(NOT PLATFORM STREQUAL "libcxx")
  list(POP_FRONT ${PLATFORM} architecture triplet qemu)
  find_program(compiler ${triplet}-g++)
  if(NOT compiler)
    message(STATUS "skipped: there is no ${triplet}-g++ (Debian's g++-${triplet})")
    return()
  endif()
  set(sysroot ${SYSROOTS}/${architecture}/root)
  if(NOT EXISTS ${sysroot}/usr/lib/${triplet}/libpng.so OR NOT EXISTS ${sysroot}/usr/lib/${triplet}/libjpeg.so)
    message(STATUS "skipped: there are no libraries for ${architecture} in ${sysroot}; cmake/test.sh fetches them where it can")
    return()
  endif()
  find_program(emulator NAMES ${qemu}-static ${qemu})
  # Tests are run below by name, so the build must not run them for discovery.
  run(${CMAKE_COMMAND} -S ${SOURCE} -B ${SCRATCH} -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_TOOLCHAIN_FILE=${CMAKE_CURRENT_LIST_DIR}/toolchain.cmake -DTRIPLET=${triplet} -DSYSROOT=${sysroot}
    -DEMULATOR=${emulator} -DBoost_DIR=${BOOST} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_GTEST_DISCOVER_TESTS_DISCOVERY_MODE=PRE_TEST
    -DCMAKE_COMPILE_WARNING_AS_ERROR=ON -DSALIENT_BUILD_APPS=OFF -DSALIENT_BUILD_BENCH=OFF)
  set(tests kernel.conv kernel.pool kernel.map device.flush_denormals graph.denormals)
  list(TRANSFORM tests PREPEND test. OUTPUT_VARIABLE targets)
  run(${CMAKE_COMMAND} --build ${SCRATCH} --parallel ${processors} --target ${targets})
  if(NOT emulator)
    message(STATUS "skipped: everything compiles, but there is no ${qemu} to run it (Debian's qemu-user-static)")
    return()
  endif()
  # Emulation is slow: some convolutions of every kind, and some poolings.
  set(some_of_test.kernel.pool --gtest_filter=*/1:*/5:max_pools_of_two.*)
  set(some_of_test.kernel.conv
    --gtest_filter=problems/convolutions.*7:problems/convolutions.*/2:problems/convolutions.*/42)
  foreach(test IN LISTS targets)
    run(${emulator} -L ${sysroot} ${SCRATCH}/tests/${test} ${some_of_${test}})
  endforeach()
  return()
endif()

# Chooses the newest Clang with libc++. In Debian 13 the headers of libc++-22-dev need functions that its library, that of
# version 19, lacks; a table of hashes is such a use.
file(WRITE ${SCRATCH}/try.cpp "#include <string>\n#include <unordered_map>\n"
  "int main(int n, char** words) {\n  std::unordered_map<std::string, int> table;\n  return table[words[0]] = 0 * n;\n}\n")
foreach(version RANGE 40 16 -1)
  find_program(clang_${version} clang++-${version})
  if(clang_${version})
    execute_process(COMMAND ${clang_${version}} -stdlib=libc++ ${SCRATCH}/try.cpp -o ${SCRATCH}/try
      RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    if(NOT failed)
      set(compiler ${clang_${version}})
      break()
    endif()
  endif()
endforeach()
if(NOT compiler)
  message(STATUS "skipped: there is no Clang 16 or later with libc++ (Debian's libc++-N-dev and libc++abi-N-dev)")
  return()
endif()
run(${CMAKE_COMMAND} -S ${SOURCE}/tests/install/consumer -B ${SCRATCH}/build -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Release
  -DWAY=add_subdirectory -DSALIENT_SOURCE=${SOURCE} -DSALIENT_BUILD_APPS=ON -DCMAKE_CXX_FLAGS=-stdlib=libc++
  -DCMAKE_CXX_COMPILER=${compiler} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER})
run(${CMAKE_COMMAND} --build ${SCRATCH}/build --parallel ${processors} --target consumer refusals salient-apps salient-gradients)
run(${SCRATCH}/build/consumer)
run(${SCRATCH}/build/refusals)
