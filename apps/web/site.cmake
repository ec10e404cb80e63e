# SPDX-License-Identifier: MIT
# cmake -DENGINE=engine.wasm -DPACK=program -DSOURCE=repository -DNETWORKS=names -DSCRATCH=folder -DSITE=folder
#   -P site.cmake
#
# Puts the page together. Large files are compressed by gzip and unpacked by the page, so that every server will do.
cmake_minimum_required(VERSION 3.25)
find_program(gzip gzip REQUIRED)
find_program(head head REQUIRED)

function(compress from to)
  execute_process(COMMAND ${gzip} -9nc ${from} OUTPUT_FILE ${SITE}/${to} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# first_bytes(count from to): of a file that is compressed.
function(first_bytes count from to)
  execute_process(COMMAND ${gzip} -dc ${from} COMMAND ${head} -c ${count} OUTPUT_FILE ${SCRATCH}/${to}
    COMMAND_ERROR_IS_FATAL LAST)
  compress(${SCRATCH}/${to} ${to}.bin)
endfunction()

file(REMOVE_RECURSE ${SITE} ${SCRATCH})
file(MAKE_DIRECTORY ${SITE} ${SCRATCH})
compress(${ENGINE} engine.bin)
foreach(network IN LISTS NETWORKS)
  execute_process(COMMAND ${PACK} ${SOURCE}/apps/weights/${network}.safetensors ${SCRATCH}/${network}.safetensors
    ${SCRATCH}/${network} COMMAND_ERROR_IS_FATAL ANY)
  compress(${SCRATCH}/${network} ${network}.bin)
endforeach()
# The first fifty test digits, as the headers of 16 and 8 bytes, 28 x 28 bytes of each, and its label.
math(EXPR bytes "16 + 50 * 28 * 28")
first_bytes(${bytes} ${SOURCE}/apps/data/t10k-images-idx3-ubyte.gz digits)
first_bytes(58 ${SOURCE}/apps/data/t10k-labels-idx1-ubyte.gz labels)

# Files of text without their indentation and the lines that are empty or comments, but with that of the licence; style
# sheets without spaces that mean nothing either.
function(shorten name)
  file(READ ${SOURCE}/apps/web/page/${name} text)
  string(REGEX REPLACE "\n *//[^\n]*" "" text "${text}")
  string(REGEX REPLACE "\n[ \n]+" "\n" text "${text}")
  if(name MATCHES "css$")
    string(REGEX REPLACE "\n/\\*[^*]*\\*/" "" text "${text}")
    string(REGEX REPLACE "([{:;,])[ \n]+" "\\1" text "${text}")
    string(REGEX REPLACE " ([{}])" "\\1" text "${text}")
    string(REPLACE "Identifier:" "Identifier: " text "${text}")
  endif()
  file(CONFIGURE OUTPUT ${SITE}/${name} CONTENT "${text}" @ONLY)
endfunction()
file(GLOB page RELATIVE ${SOURCE}/apps/web/page ${SOURCE}/apps/web/page/*)
list(REMOVE_ITEM page offline.js)
foreach(name IN LISTS page)
  shorten(${name})
endforeach()

# The service worker keeps what it has until this list or a file of it changes.
file(GLOB files RELATIVE ${SITE} ${SITE}/*)
set(hashes "")
set(names "")
foreach(name IN LISTS files)
  file(SHA256 ${SITE}/${name} hash)
  string(APPEND hashes ${hash})
  list(APPEND names "'${name}'")
endforeach()
string(SHA256 VERSION "${hashes}")
list(JOIN names ", " FILES)
shorten(offline.js)
