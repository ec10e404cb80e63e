# SPDX-License-Identifier: MIT
# Compiles for TRIPLET (arm-linux-gnueabihf, aarch64-linux-gnu) with Debian's cross-compiler and the libraries unpacked
# in SYSROOT, and runs programs with EMULATOR. Header-only libraries are the host's.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TRIPLET SYSROOT EMULATOR)
set(CMAKE_SYSTEM_NAME Linux)
string(REGEX REPLACE "-.*" "" CMAKE_SYSTEM_PROCESSOR ${TRIPLET})
set(CMAKE_C_COMPILER ${TRIPLET}-gcc)
set(CMAKE_CXX_COMPILER ${TRIPLET}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${TRIPLET})

set(CMAKE_FIND_ROOT_PATH ${SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
# Where libraries keep what differs between architectures, such as libjpeg's jconfig.h.
set(CMAKE_CXX_FLAGS_INIT "-isystem ${SYSROOT}/usr/include/${TRIPLET}")
set(CMAKE_EXE_LINKER_FLAGS_INIT
  "-Wl,-rpath-link,${SYSROOT}/usr/lib/${TRIPLET} -Wl,-rpath-link,${SYSROOT}/lib/${TRIPLET}")
set(CMAKE_CROSSCOMPILING_EMULATOR ${EMULATOR} -L ${SYSROOT})
