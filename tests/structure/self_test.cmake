# SPDX-License-Identifier: MIT
# cmake -DSCRATCH=folder -P self_test.cmake
#
# Checks the checks of this folder: each must find the offences in a small made-up repository.
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${SCRATCH})
set(licence "// SPDX-License-Identifier: MIT\n")
macro(offer path content)
  file(WRITE "${SCRATCH}/${path}" "${content}")
endmacro()

offer(CMakeLists.txt "# SPDX-License-Identifier: MIT\n")
offer(include/salient/core/upwards.hpp "${licence}#include \"salient/graph/network.hpp\"\n")
offer(include/salient/graph/sideways.hpp "${licence}#include \"salient/networks/mobilenet_v2.hpp\"\n")
offer(include/salient/method/judged.hpp "${licence}#include \"salient/metric/sparseness.hpp\"\n")
offer(include/salient/metric/drawn.hpp "${licence}#include \"salient/view/reduce.hpp\"\n")
offer(include/salient/view/aside.hpp "${licence}#include \"salient/io/png.hpp\"\n")
offer(include/salient/layer/product.hpp "${licence}#include <unsupported/Eigen/CXX11/Tensor>\n")
offer(include/salient/graph/expression.hpp "${licence}inline Eigen::Index i = 0;\n")
offer(include/salient/layer/types.hpp "${licence}#include <boost/hana.hpp>\n")
offer(include/salient/graph/system.hpp "${licence}#include <unistd.h>\n")
offer(src/kernel/clever.cpp "${licence}#include \"salient/layer/relu.hpp\"\n")
offer(src/view/packed.cpp "${licence}#include <zlib.h>\n")
offer(src/io/wired.cpp "${licence}#include <protozero/pbf_reader.hpp>\n")
offer(apps/intimate.cpp "${licence}#include \"kernel/portable.hpp\"\n")
offer(include/salient/device/concept.hpp "${licence}template <class D>\nconcept device = true;\n")
offer(src/kernel/helper.hpp "${licence}#include \"salient/device/concept.hpp\"\n#ifdef __CUDA_ARCH__\n#endif\n")
offer(src/kernel/parsed.cpp "${licence}#include \"kernel/helper.hpp\"\n#include <cuda_runtime.h>\n")
offer(src/io/fine.cpp "${licence}#include <zlib.h>\n\n#include \"io/gzip.hpp\"\n#include \"salient/core/error.hpp\"\n")
offer(src/io/unlicensed.cpp "int i;\n")
offer(src/io/twice.cpp "${licence}${licence}")
string(REPEAT "int;\n" 400 lines)
offer(src/io/long.cpp "${licence}${lines}")
offer(tests/same.cpp "${licence}// [snippet]\nint a[] = {1};\n// [/snippet]\n")
offer(tests/other.cpp "${licence}// [snippet]\nint b;\n// [/snippet]\n")
offer(README.md "<!-- file: tests/same.cpp -->\n```cpp\nint a[] = {1};\n```\n<!-- file: tests/other.cpp -->\n```cpp\nint c;\n```\n<!-- file: tests/none.cpp -->\n```cpp\n```\n<!-- file: tests/same.cpp -->\n\ntext\n")

set(includes_finds
  "core/upwards.hpp: core may not see graph" "graph/sideways.hpp: graph may not see networks"
  "method/judged.hpp: method may not see metric" "metric/drawn.hpp: metric may not see view"
  "view/aside.hpp: view may not see io"
  "layer/product.hpp: Eigen has no place" "graph/expression.hpp: Eigen has no place"
  "layer/types.hpp: boost has no place" "graph/system.hpp: public headers include the standard library"
  "kernel/clever.cpp: kernel may not see layer" "view/packed.cpp: zlib.h has no place"
  "io/wired.cpp: protozero has no place"
  "device/concept.hpp: nvcc compiles this" "helper.hpp: only portable.hpp asks" "parsed.cpp: cuda has no place"
  "apps/intimate.cpp: a program sees public headers only")
set(files_finds
  "src/io/unlicensed.cpp does not begin with" "src/io/twice.cpp states its licence 2 times"
  "src/io/long.cpp has 401 lines")
set(snippets_finds
  "does not show what tests/other.cpp says" "shows tests/none.cpp, which is no file" "no code block directly after")

foreach(check includes files snippets)
  execute_process(COMMAND ${CMAKE_COMMAND} -DROOT=${SCRATCH} -P ${CMAKE_CURRENT_LIST_DIR}/${check}.cmake
    RESULT_VARIABLE failed ERROR_VARIABLE said)
  string(REGEX REPLACE "[ \n]+" " " said "${said}")  # CMake wraps its messages
  foreach(words IN LISTS ${check}_finds)
    string(FIND "${said}" "${words}" at)
    if(NOT failed OR at LESS 0)
      message(FATAL_ERROR "${check}.cmake does not find '${words}':\n${said}")
    endif()
  endforeach()
  if(said MATCHES "fine.cpp|what tests/same.cpp")
    message(FATAL_ERROR "${check}.cmake blames the innocent:\n${said}")
  endif()
endforeach()
