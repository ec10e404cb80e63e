# SPDX-License-Identifier: MIT
# cmake -DCOMPILER=c++ -DINCLUDES=folders -P lines.cmake
#
# Counts the non-blank lines of the preprocessed <salient/salient.hpp>. The limits for the library's own lines and
# Boost's are the measured values plus a tenth. Most lines are the standard library's, which differ with its version, so
# the limit for all is generous.
cmake_minimum_required(VERSION 3.25)

set(most_own 7600)    # 6904, for all methods; a header for each is there too
set(most_boost 3300)  # 2999
set(most_all 110000)  # g++ 12: 81624; Eigen's tensors alone would be more

list(REMOVE_ITEM INCLUDES "")
list(TRANSFORM INCLUDES PREPEND -I)
execute_process(
  COMMAND sh -c "echo '#include <salient/salient.hpp>' | \"$@\" -x c++ -E -" sh ${COMPILER} -std=c++20 ${INCLUDES}
  COMMAND awk "/^# [0-9]+ \"/ { own = $3 ~ /\\/include\\/salient\\//; boost = $3 ~ /\\/boost\\//; next }
               NF { all++; n_own += own; n_boost += boost }
               END { print n_own \";\" n_boost \";\" all }"
  OUTPUT_VARIABLE counts OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
list(GET counts 0 own)
list(GET counts 1 boost)
list(GET counts 2 all)
message(STATUS "own: ${own} lines, Boost's: ${boost}, all: ${all}")

set(offences "")
foreach(part own boost all)
  if(NOT ${part} GREATER 1000)
    string(APPEND offences "only ${${part}} lines counted as '${part}': the count is wrong\n")
  endif()
  if(${part} GREATER most_${part})
    string(APPEND offences "${${part}} preprocessed lines ('${part}'); ${most_${part}} is the most\n")
  endif()
endforeach()
if(offences)
  message(FATAL_ERROR "${offences}")
endif()
