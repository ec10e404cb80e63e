# SPDX-License-Identifier: MIT
# Compiles for WebAssembly with the newest Clang that can: Debian's packages clang-N, lld-N, libc++-N-dev-wasm32 and
# libclang-rt-N-dev-wasm32, N >= 16. Without one, the message begins with "no compiler for WebAssembly".
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
# -fignore-exceptions: runtime.cpp says what becomes of a throw. Clang 21 calls this target by another name.
set(CMAKE_CXX_FLAGS_INIT "-msimd128 -fignore-exceptions -fno-rtti -Wno-deprecated")

if(NOT CMAKE_CXX_COMPILER)
  file(WRITE ${CMAKE_BINARY_DIR}/try.cpp "#include <string>\n#include <unordered_map>\n"
    "int main(int n, char** words) {\n  std::unordered_map<std::string, int> table;\n  return table[words[0]] = 0 * n;\n}\n")
  foreach(version RANGE 40 16 -1)
    find_program(clang_${version} clang++-${version})
    if(clang_${version})
      separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS_INIT}")
      execute_process(COMMAND ${clang_${version}} --target=${CMAKE_CXX_COMPILER_TARGET} ${flags} -fno-exceptions ${CMAKE_BINARY_DIR}/try.cpp
        -o ${CMAKE_BINARY_DIR}/try.wasm RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
      if(NOT failed)
        set(CMAKE_CXX_COMPILER ${clang_${version}} CACHE FILEPATH "The compiler")
        break()
      endif()
    endif()
  endforeach()
  if(NOT CMAKE_CXX_COMPILER)
    message(FATAL_ERROR "no compiler for WebAssembly (Debian's clang-N, lld-N, libc++-N-dev-wasm32 and "
      "libclang-rt-N-dev-wasm32, N >= 16)")
  endif()
endif()
