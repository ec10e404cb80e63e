# SPDX-License-Identifier: MIT
# salient_add_network refuses a name that is none in C++, before anything is built.
cmake_minimum_required(VERSION 3.25)

if(NAME)
  include(${SOURCE}/cmake/salientPrograms.cmake)
  salient_add_network(NAME ${NAME} ONNX model.onnx)
endif()

foreach(pair "my-net:my_net" "3x3:_3x3" "a.b:a_b" "a::b:a__b")
  string(REGEX MATCH "^(.*):([^:]*)$" pair ${pair})
  set(better ${CMAKE_MATCH_2})
  execute_process(COMMAND ${CMAKE_COMMAND} -DSOURCE=${SOURCE} -DNAME=${CMAKE_MATCH_1} -P ${CMAKE_CURRENT_LIST_FILE}
    RESULT_VARIABLE failed ERROR_VARIABLE said)
  string(REGEX REPLACE "[ \n]+" " " said "${said}")
  if(NOT failed OR NOT said MATCHES "cannot be the name of a C\\+\\+ type; give another, such as ${better}")
    message(FATAL_ERROR "salient_add_network says of a wrong name: ${said}")
  endif()
endforeach()
