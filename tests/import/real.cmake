# SPDX-License-Identifier: MIT
# Real networks, one to a source, and declarations of networks whose weights were left out.
file(GLOB networks CONFIGURE_DEPENDS ${SALIENT_TEST_ONNX}/*.onnx)
file(GLOB graphs CONFIGURE_DEPENDS ${SALIENT_TEST_ONNX}/graphs/*.onnx)
if(NOT networks OR NOT graphs)
  skipped_test(import.real "there are no ONNX files in ${SALIENT_TEST_ONNX}; set SALIENT_TEST_ONNX to their folder")
  return()
endif()

add_executable(make-real-cases make_real_cases.cpp)
target_link_libraries(make-real-cases PRIVATE salient-import-generators)

# numbered(sources stem files): OUT/stem_0.cpp and so on, one for each file.
function(numbered sources stem)
  set(all "")
  foreach(file IN LISTS ARGN)
    list(LENGTH all number)
    list(APPEND all ${imported}/${stem}_${number}.cpp)
  endforeach()
  set(${sources} ${all} PARENT_SCOPE)
endfunction()
numbered(real real ${networks})
numbered(declared graph ${graphs})
add_custom_command(OUTPUT ${real}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${imported}
  COMMAND make-real-cases ${imported} ${networks}
  DEPENDS make-real-cases ${networks}
  COMMENT "Importing ${SALIENT_TEST_ONNX}")
add_custom_command(OUTPUT ${declared}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${imported}
  COMMAND make-real-cases --declarations ${imported} ${graphs}
  DEPENDS make-real-cases ${graphs}
  COMMENT "Declaring ${SALIENT_TEST_ONNX}/graphs")

add_executable(test.import.real real.cpp reference.cpp ${real})
compile_quickly(test.import.real)
target_compile_definitions(test.import.real PRIVATE SALIENT_IMPORTED="${imported}"
  SALIENT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SALIENT_TEST_DATA="${SALIENT_TEST_DATA}")
target_include_directories(test.import.real PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(test.import.real PRIVATE salient-test-main nlohmann_json::nlohmann_json)
gtest_discover_tests(test.import.real TEST_PREFIX ${prefix}import. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600)

# Their static_asserts are the test.
add_library(test.import.graphs OBJECT ${declared})
target_compile_options(test.import.graphs PRIVATE -O0)
target_link_libraries(test.import.graphs PRIVATE salient::salient)
