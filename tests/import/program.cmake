# SPDX-License-Identifier: MIT
# Runs salient-import as a user would.
add_executable(test.import.program
  program_files.cpp program_options.cpp program_refused.cpp ${PROJECT_SOURCE_DIR}/tests/apps/program.cpp)
if(NOT SALIENT_SANITIZE)  # which needs memory of its own
  target_sources(test.import.program PRIVATE program_memory.cpp)
endif()
target_include_directories(test.import.program PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/tests/apps)
compile_quickly(test.import.program)
target_link_libraries(test.import.program PRIVATE salient-importer salient-test-main nlohmann_json::nlohmann_json)
add_dependencies(test.import.program salient-import)
target_compile_definitions(test.import.program PRIVATE SALIENT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
  SALIENT_PROGRAMS="$<TARGET_FILE_DIR:salient-import>" SALIENT_TEST_ONNX="${SALIENT_TEST_ONNX}")
gtest_discover_tests(test.import.program TEST_PREFIX ${prefix}import. NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60
  PROPERTIES TIMEOUT 600)
