# SPDX-License-Identifier: MIT
# cmake -DNM=nm -DNETWORK_10=10.o -DNETWORK_50=... -DNETWORK_100=... -DNETWORK_200=... -P symbols.cmake
#
# What a user's object holds, unoptimised: no more functions of the library than recorded here (measured, and a tenth),
# and symbols that grow with the layers, not with their square, and none of Eigen's.
#
# The ceiling is on functions of namespace salient, each with its lambdas as one. Symbols in all are a property of the
# compiler and its standard library: of the same 100 layers g++ 12 makes 2307, g++ 14 2790 (it emits most lambdas twice)
# and Clang 16 1974. Mangled names are counted, because no demangler knows those of every newer compiler.
cmake_minimum_required(VERSION 3.25)

set(most_10 240)        # g++ 12 and 14: 218, Clang 16 and 19: 194
set(most_100 915)       # g++ 12 and 14: 832, Clang 16 and 19: 808
set(most_a_layer 25)    # symbols; g++ 12: 13, g++ 14: 19, Clang 16: 13

set(offences "")
foreach(layers 10 50 100 200)
  set(object ${NETWORK_${layers}})
  execute_process(COMMAND ${NM} -C ${object} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  if(symbols MATCHES "Eigen::[^\n]*")
    string(APPEND offences "the object of ${layers} layers has symbols of Eigen's: ${CMAKE_MATCH_0}\n")
  endif()
  string(REGEX MATCHALL "\n" lines "${symbols}")
  list(LENGTH lines symbols_${layers})

  # A lambda's name is its function's, then "Ul", or "NKUl" for its call.
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
# At most a tenth more than proportional.
math(EXPR tenfold "10 * ${late}")
math(EXPR allowed "22 * ${early}")
if(tenfold GREATER allowed)
  string(APPEND offences "symbols grow faster than layers: ${symbols_50}, ${symbols_100}, ${symbols_200} of 50, 100, 200\n")
endif()

if(offences)
  message(FATAL_ERROR "${offences}")
endif()
