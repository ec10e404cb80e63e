# SPDX-License-Identifier: MIT
# cmake -DNM=nm -DNETWORK_10=10.o -DNETWORK_50=... -DNETWORK_100=... -DNETWORK_200=... -P symbols.cmake
#
# The symbols of a user's object, unoptimised: no more than recorded here (measured, and a tenth), growing with the layers
# and not with their square, and none of Eigen's.
cmake_minimum_required(VERSION 3.25)

set(most_10 1325)   # g++ 12: 1228
set(most_100 2483)  # g++ 12: 2410

set(offences "")
foreach(layers 10 50 100 200)
  execute_process(COMMAND ${NM} -C ${NETWORK_${layers}} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  if(symbols MATCHES "Eigen::[^\n]*")
    string(APPEND offences "the object of ${layers} layers has symbols of Eigen's: ${CMAKE_MATCH_0}\n")
  endif()
  string(REGEX MATCHALL "\n" lines "${symbols}")
  list(LENGTH lines symbols_${layers})
  message(STATUS "${layers} layers: ${symbols_${layers}} symbols")
  if(DEFINED most_${layers} AND symbols_${layers} GREATER most_${layers})
    string(APPEND offences "${layers} layers make ${symbols_${layers}} symbols; ${most_${layers}} is the most\n")
  endif()
endforeach()

# From 100 to 200 layers at most a tenth more than twice what is added from 50 to 100.
math(EXPR late "10 * (${symbols_200} - ${symbols_100})")
math(EXPR twice "22 * (${symbols_100} - ${symbols_50})")
if(late GREATER twice)
  string(APPEND offences "symbols grow faster than layers: ${symbols_50}, ${symbols_100}, ${symbols_200} of 50, 100, 200\n")
endif()

if(offences)
  message(FATAL_ERROR "${offences}")
endif()
