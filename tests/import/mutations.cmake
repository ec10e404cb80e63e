# SPDX-License-Identifier: MIT
# Imports damaged files.
add_executable(test.import.mutations mutations.cpp imported.cpp)
target_include_directories(test.import.mutations PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(test.import.mutations PRIVATE salient-importer salient-test-main)
target_compile_definitions(test.import.mutations PRIVATE SALIENT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SALIENT_TEST_ONNX="${SALIENT_TEST_ONNX}")
gtest_discover_tests(test.import.mutations TEST_PREFIX ${prefix}import. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 900)
