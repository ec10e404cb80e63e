# SPDX-License-Identifier: MIT
# salient_add_network and salient_add_c_library refuse a name that is none in C++, before anything is built.
cmake_minimum_required(VERSION 3.25)

if(NAME)
  include(${SOURCE}/cmake/salientPrograms.cmake)
  if(LIBRARY)
    salient_add_c_library(NAME ${NAME} NETWORK network)
  else()
    salient_add_network(NAME ${NAME} ONNX model.onnx)
  endif()
  return()
endif()

foreach(pair "my-net:my_net" "3x3:_3x3" "a.b:a_b" "a::b:a__b")
  string(REGEX MATCH "^(.*):([^:]*)$" pair ${pair})
  set(name ${CMAKE_MATCH_1})
  set(better ${CMAKE_MATCH_2})
  foreach(library OFF ON)
    execute_process(COMMAND ${CMAKE_COMMAND} -DSOURCE=${SOURCE} -DNAME=${name} -DLIBRARY=${library}
        -P ${CMAKE_CURRENT_LIST_FILE}
      RESULT_VARIABLE failed ERROR_VARIABLE said)
    string(REGEX REPLACE "[ \n]+" " " said "${said}")
    if(NOT failed OR NOT said MATCHES
        "cannot be (the name of a C\\+\\+ type|part of a C function's name); give another, such as ${better}")
      message(FATAL_ERROR "of a wrong name CMake says: ${said}")
    endif()
  endforeach()
endforeach()
