# SPDX-License-Identifier: MIT
# cmake -DSOURCE=case.cpp -DCOMPILER=c++ -DINCLUDES=folders -P check.cmake
#
# Compiles a program that must not compile. "// expect: words" must be in what the compiler says (each such line), and
# the first of them in its first line that says "error:"; "// errors: n" is how often it may say so. "// expect: success"
# is for programs that must compile: the one that proves the others fail for no trivial reason, and those that some
# compiler refused by mistake. "// options: words" are more options for the compiler.
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
string(REPLACE "\", \"" "" words "${said}")  # Clang's pieces of a long sentence
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
