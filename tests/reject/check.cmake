# SPDX-License-Identifier: MIT
# cmake -DSOURCE=case.cpp -DCOMPILER=c++ -DINCLUDES=folders -P check.cmake
#
# Compiles a program that must not compile. Lines of the program say what is expected:
# // expect: words    the compiler's output contains the words; for the first such line, its first error does
# // errors: n        the number of errors
# // expect: success  the program must compile, to prove that others fail for the right reason, or as a regression test
# // options: words   further compiler options
cmake_minimum_required(VERSION 3.25)

file(STRINGS ${SOURCE} expected REGEX "^// expect: ")
file(STRINGS ${SOURCE} limit REGEX "^// errors: ")
file(STRINGS ${SOURCE} options REGEX "^// options: ")
string(REPLACE "// options: " "" options "${options}")
separate_arguments(options)
if(NOT expected)
  message(FATAL_ERROR "${SOURCE}: no line says '// expect: words'")
endif()

list(TRANSFORM INCLUDES PREPEND -I)
execute_process(COMMAND ${COMPILER} -std=c++20 -fsyntax-only ${options} ${INCLUDES} ${SOURCE}
  RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)

if(expected STREQUAL "// expect: success")
  if(failed)
    message(FATAL_ERROR "must compile, but:\n${said}")
  endif()
  return()
endif()

if(NOT failed)
  message(FATAL_ERROR "${SOURCE} compiles, and must not")
endif()
string(REPLACE "\", \"" "" words "${said}")  # Clang prints a long message in pieces
foreach(line IN LISTS expected)
  string(REPLACE "// expect: " "" line "${line}")
  string(FIND "${words}" "${line}" at)
  if(at LESS 0)
    message(FATAL_ERROR "the compiler does not say '${line}', but:\n${said}")
  endif()
endforeach()
string(REGEX MATCH "[^\n]*error:[^\n]*" first_error "${words}")
list(GET expected 0 line)
string(REPLACE "// expect: " "" line "${line}")
string(FIND "${first_error}" "${line}" at)
if(at LESS 0)
  message(FATAL_ERROR "the first error is not '${line}', but:\n${said}")
endif()
if(limit)
  string(REPLACE "// errors: " "" limit "${limit}")
  string(REGEX MATCHALL "error:" errors "${said}")
  list(LENGTH errors count)
  if(NOT count EQUAL limit)
    message(FATAL_ERROR "the compiler says error ${count} times, not ${limit}:\n${said}")
  endif()
endif()
