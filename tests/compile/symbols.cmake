# SPDX-License-Identifier: MIT
# cmake -DNM=nm -DNETWORK_10=10.o -DNETWORK_50=... -DNETWORK_100=... -DNETWORK_200=... -P symbols.cmake
#
# Checks a user's unoptimised object file: at most the recorded number of functions of the library (measured, plus a
# tenth); a number of symbols that is linear in the number of layers; and no symbols of Eigen.
#
# The limit is on functions of namespace salient, where a function and its lambdas count as one. The total number of
# symbols depends on the compiler and its standard library: for the same 100 layers g++ 12 makes 2904 and Clang 16
# 2578, and g++ 14 a fifth more than g++ 12, because it emits most lambdas twice. Names are counted mangled, because demanglers lag behind compilers.
cmake_minimum_required(VERSION 3.25)

set(most_10 325)        # g++ 12: 294, Clang 16: 272
set(most_100 1195)      # g++ 12: 1086, Clang 16: 1062
set(most_a_layer 25)    # symbols; g++ 12: 17, Clang 16: 17

set(offences "")
foreach(layers 10 50 100 200)
  set(object ${NETWORK_${layers}})
  execute_process(COMMAND ${NM} -C ${object} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  if(symbols MATCHES "Eigen::[^\n]*")
    string(APPEND offences "the object of ${layers} layers has symbols of Eigen's: ${CMAKE_MATCH_0}\n")
  endif()
  string(REGEX MATCHALL "\n" lines "${symbols}")
  list(LENGTH lines symbols_${layers})

  # The mangled name of a lambda is that of its function followed by "Ul", or by "NKUl" for the call operator.
  execute_process(COMMAND ${NM} --defined-only ${object}
    COMMAND sed -nE "s/^[0-9a-f]+ [TtWw] (_ZZ?N?K?7salient.*)/\\1/; s/(NK?)?Ul.*//; /^_Z/p"
    COMMAND sort -u COMMAND wc -l
    OUTPUT_VARIABLE functions OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  message(STATUS "${layers} layers: ${functions} functions, ${symbols_${layers}} symbols")
  if(DEFINED most_${layers} AND functions GREATER most_${layers})
    string(APPEND offences "${layers} layers make ${functions} functions; ${most_${layers}} is the most\n")
  endif()
  if(functions LESS layers)
    string(APPEND offences "only ${functions} functions counted for ${layers} layers: the count is wrong\n")
  endif()
endforeach()

math(EXPR late "${symbols_200} - ${symbols_100}")
math(EXPR early "${symbols_100} - ${symbols_50}")
math(EXPR most "100 * ${most_a_layer}")
if(late GREATER most)
  string(APPEND offences "100 more layers make ${late} more symbols; ${most_a_layer} a layer are the most\n")
endif()
# At most a tenth above linear growth.
math(EXPR tenfold "10 * ${late}")
math(EXPR allowed "22 * ${early}")
if(tenfold GREATER allowed)
  string(APPEND offences "symbols grow faster than layers: ${symbols_50}, ${symbols_100}, ${symbols_200} of 50, 100, 200\n")
endif()

if(offences)
  message(FATAL_ERROR "${offences}")
endif()
