# SPDX-License-Identifier: MIT
# Tests of ONNX's own suite for backends: about 25 networks to a file.
set(SALIENT_ONNX_TESTDATA /usr/share/libonnx-testdata/data CACHE PATH "Test data of ONNX (Debian's libonnx-testdata)")
if(NOT EXISTS ${SALIENT_ONNX_TESTDATA}/node)
  skipped_test(import.backend "${SALIENT_ONNX_TESTDATA} does not exist; Debian's package libonnx-testdata has it")
  return()
endif()

set(groups 5)
set(sources "")
foreach(group RANGE 1 ${groups})
  math(EXPR number "${group} - 1")
  list(APPEND sources ${imported}/backend_${number}.cpp)
endforeach()

add_executable(make-backend-cases make_backend_cases.cpp)
target_link_libraries(make-backend-cases PRIVATE salient-import-generators)
add_custom_command(OUTPUT ${sources}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${imported}
  COMMAND make-backend-cases ${SALIENT_ONNX_TESTDATA} ${imported} ${groups}
  DEPENDS make-backend-cases
  COMMENT "Importing ONNX's tests for backends")

add_executable(test.import.backend backend.cpp reference.cpp ${sources})
compile_quickly(test.import.backend)
target_compile_definitions(test.import.backend PRIVATE SALIENT_IMPORTED="${imported}"
  SALIENT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SALIENT_ONNX_TESTDATA="${SALIENT_ONNX_TESTDATA}")
target_include_directories(test.import.backend PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(test.import.backend PRIVATE salient-onnx salient-test-main nlohmann_json::nlohmann_json)
gtest_discover_tests(test.import.backend TEST_PREFIX ${prefix}import. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600)
