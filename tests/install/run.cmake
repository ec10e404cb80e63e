# SPDX-License-Identifier: MIT
# Functions of the scripts of this folder.

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    message(FATAL_ERROR "${ARGN}:\n${said}")
  endif()
  set(said "${said}" PARENT_SCOPE)
endfunction()

# run_and_expect(words program...): runs a program, whose output must contain the words.
function(run_and_expect words)
  run(${ARGN})
  if(NOT said MATCHES "${words}")
    message(FATAL_ERROR "${ARGN} says: ${said}")
  endif()
endfunction()

# launch_library(file words...): writes a compiler launcher that does what library.sh does with these words.
function(launch_library file)
  list(JOIN ARGN "' '" words)
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT "#!/bin/sh
exec sh '${CMAKE_CURRENT_LIST_DIR}/library.sh' '${words}' -- ${LAUNCHER} \"$@\"
")
  file(CHMOD ${file} PERMISSIONS OWNER_READ OWNER_EXECUTE)
endfunction()

cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)

# use_pkg_config(prefix flags...): compiles a program by what pkg-config, with these flags, says of the salient that is
# installed in the prefix, and runs it.
function(use_pkg_config prefix)
  find_program(PKG_CONFIG NAMES pkg-config pkgconf REQUIRED)
  file(GLOB description ${prefix}/lib*/pkgconfig/salient.pc ${prefix}/lib/*/pkgconfig/salient.pc)
  cmake_path(GET description PARENT_PATH folder)
  set(ENV{PKG_CONFIG_PATH} ${folder})
  run(${PKG_CONFIG} ${ARGN} --cflags --libs salient)
  separate_arguments(words UNIX_COMMAND "${said}")
  set(program ${SCRATCH}/pkg_config)
  run(${COMPILER} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/pkg_config.cpp -o ${program} ${words})
  run_and_expect("2 threads encode a PNG" ${CMAKE_COMMAND} -E env LD_LIBRARY_PATH=${folder}/.. ${program})
endfunction()

# use_installed(prefix examples option...): builds the project in shared/ against the salient that is installed in the
# prefix, with the examples' programs, and runs them.
function(use_installed prefix examples)
  set(build ${SCRATCH}/build)
  run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/shared -B ${build} -G ${GENERATOR}
    -DCMAKE_PREFIX_PATH=${prefix} -DEXAMPLES=${examples} -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 ${ARGN})
  run(${CMAKE_COMMAND} --build ${build} --parallel ${processors})
  run(${build}/reference ${build})
  run_and_expect("refused all that is bad" ${build}/refusals ${build}/tiny.safetensors)
  run_and_expect("class [01], 14 x 14" ${build}/explain ${build}/picture.png grad_cam relu=false)
  use_pkg_config(${prefix})
endfunction()
