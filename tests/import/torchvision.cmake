# SPDX-License-Identifier: MIT
# Built by name alone: torchvision_check.py has salient-import write from_torchvision.hpp before.
add_executable(import-torchvision EXCLUDE_FROM_ALL torchvision.cpp)
target_compile_options(import-torchvision PRIVATE -O0)
target_include_directories(import-torchvision PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/torchvision)
target_link_libraries(import-torchvision PRIVATE salient::salient)
