# SPDX-License-Identifier: MIT
# Imports damaged files, files made to take time and memory, and files whose meaning is easily lost. Each is one source, as its allocation meter requires.
foreach(name IN ITEMS bounds branches meanings mutations normalisations)
  add_executable(test.import.${name} ${name}.cpp imported.cpp)
  target_include_directories(test.import.${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  compile_quickly(test.import.${name})
  target_link_libraries(test.import.${name} PRIVATE salient-importer salient-test-main)
  target_compile_definitions(test.import.${name} PRIVATE SALIENT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    SALIENT_TEST_ONNX="${SALIENT_TEST_ONNX}")
  gtest_discover_tests(test.import.${name} TEST_PREFIX ${prefix}import. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 900)
endforeach()
