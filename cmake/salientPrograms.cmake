# SPDX-License-Identifier: MIT
# Networks from ONNX files, and programs that explain pictures. find_package(salient), add_subdirectory and FetchContent
# all bring these functions.

# salient_program_options(target): a program is instantiated for its network, devices and layers, but spends its time in
# the library. So it is optimised for size, and under a sanitizer, which makes it many times larger, not at all.
function(salient_program_options target)
  if(SALIENT_SANITIZE)
    target_compile_options(${target} PRIVATE -O0)
  else()
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release,RelWithDebInfo,>:-Os>)
  endif()
  # Clang counts the steps of a constant, and the plan of a pass that keeps every layer of EfficientNet-B7, so that
  # --layer may name any, takes more than its default limit.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,Clang,AppleClang>:-fconstexpr-steps=16777216>)
  # A network's tables are pointers to functions. Their relocations take a tenth of a program unless they are packed.
  include(CheckLinkerFlag)
  set(CMAKE_REQUIRED_QUIET ON)
  check_linker_flag(CXX "LINKER:-z,pack-relative-relocs" SALIENT_PACKS_RELOCATIONS)
  target_link_options(${target} PRIVATE LINKER:--gc-sections
    $<$<BOOL:${SALIENT_PACKS_RELOCATIONS}>:LINKER:-z,pack-relative-relocs>)
endfunction()

# Sets `variable` to the absolute path of a file that is named relative to the caller's folder; empty stays empty.
function(salient_absolute variable file)
  if(NOT file STREQUAL "")
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  endif()
  set(${variable} "${file}" PARENT_SCOPE)
endfunction()

# Stops unless all arguments were understood and the required ones are there.
macro(salient_check_arguments function)
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${function}: unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  foreach(required ${ARGN})
    if(NOT arg_${required})
      message(FATAL_ERROR "${function} needs ${required}")
    endif()
  endforeach()
endmacro()

# Stops if arg_NAME cannot be `what` in C++.
macro(salient_check_name function what)
  string(MAKE_C_IDENTIFIER "${arg_NAME}" identifier)
  if(NOT arg_NAME STREQUAL identifier)
    message(FATAL_ERROR "${function}: NAME ${arg_NAME} cannot be ${what}; give another, such as ${identifier}")
  endif()
endmacro()

# salient_add_network(NAME resnet ONNX model.onnx
#   [LABELS file] [MEAN m...] [STD s...] [RANGE r] [CHANNELS rgb|bgr] [INPUT_SIZE HxW] [RESIZE n] [FILTER bilinear|bicubic]
#   [CROP_FIRST] [NAMESPACE ns] [OUTPUT name])
#
# Makes the header resnet.hpp, which declares the type `resnet`, and its weights resnet.safetensors from the ONNX file,
# whenever that changes, and a target `resnet` to link, for #include <resnet.hpp>. Its property SALIENT_WEIGHTS is the
# weights' path. The options are those of salient-import.
function(salient_add_network)
  cmake_parse_arguments(PARSE_ARGV 0 arg "CROP_FIRST" "NAME;ONNX;LABELS;RANGE;CHANNELS;INPUT_SIZE;RESIZE;FILTER;NAMESPACE;OUTPUT" "MEAN;STD")
  salient_check_arguments(salient_add_network NAME ONNX)
  salient_check_name(salient_add_network "the name of a C++ type")
  if(TARGET salient::import)
    set(importer salient::import)
  elseif(TARGET salient-import)
    set(importer salient-import)
  else()
    message(FATAL_ERROR "salient_add_network: this salient was built without its program salient-import; build and "
      "install it with the programs, -DSALIENT_BUILD_APPS=ON")
  endif()
  salient_absolute(onnx "${arg_ONNX}")
  salient_absolute(labels "${arg_LABELS}")
  set(options "")
  foreach(option NAMESPACE MEAN STD RANGE CHANNELS INPUT_SIZE RESIZE FILTER OUTPUT)
    if(DEFINED arg_${option})
      string(TOLOWER "--${option}" flag)
      string(REPLACE "_" "-" flag ${flag})
      string(REPLACE ";" "," value "${arg_${option}}")
      list(APPEND options ${flag} ${value})
    endif()
  endforeach()
  if(arg_CROP_FIRST)
    list(APPEND options --crop-first)
  endif()
  if(labels)
    list(APPEND options --labels ${labels})
  endif()

  set(folder ${CMAKE_CURRENT_BINARY_DIR}/salient-networks/${arg_NAME})
  set(made ${folder}/${arg_NAME}.hpp ${folder}/${arg_NAME}.safetensors)
  # External weights beside the model belong to it.
  file(GLOB data CONFIGURE_DEPENDS ${onnx}.data ${onnx}_data)
  add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${importer} ${onnx} --out ${folder} --name ${arg_NAME} ${options}
    DEPENDS ${importer} ${onnx} ${data} ${labels}
    COMMENT "Importing ${arg_NAME} from ${arg_ONNX}"
    VERBATIM)
  add_custom_target(${arg_NAME}-import DEPENDS ${made})
  add_library(${arg_NAME} INTERFACE)
  add_dependencies(${arg_NAME} ${arg_NAME}-import)
  target_include_directories(${arg_NAME} INTERFACE ${folder})
  target_link_libraries(${arg_NAME} INTERFACE salient::salient)
  set(type ${arg_NAME})
  if(arg_NAMESPACE)
    set(type ${arg_NAMESPACE}::${arg_NAME})
  endif()
  set_target_properties(${arg_NAME} PROPERTIES SALIENT_HEADER ${arg_NAME}.hpp SALIENT_TYPE ${type}
    SALIENT_WEIGHTS ${folder}/${arg_NAME}.safetensors SALIENT_LABELS "${labels}")
endfunction()

# salient_add_explainer(NAME explain-resnet NETWORK resnet)
# salient_add_explainer(NAME explain-lite0 HEADER salient/networks/efficientnet_lite.hpp
#   TYPE salient::networks::efficientnet_lite0 WEIGHTS lite0.safetensors)
#
# Makes a program that explains pictures: `explain-resnet cat.jpg --method grad_cam`. NETWORK is a target made by
# salient_add_network, or an INTERFACE library with the properties SALIENT_HEADER, SALIENT_TYPE, SALIENT_WEIGHTS and
# SALIENT_LABELS; or it is given by HEADER, TYPE and WEIGHTS. In both cases:
#   LABELS file                        names of the classes, one on each line
#   RESIZE n, FILTER bilinear|bicubic  how pictures are fitted, if not as the network's input declares
#
# Weights and labels are found where they are now or, if the program has moved, beside it.
function(salient_add_explainer)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;NETWORK;HEADER;TYPE;WEIGHTS;LABELS;RESIZE;FILTER" "")
  salient_add_program(salient_add_explainer "<salient/explainer/run.hpp>" explainer)
endfunction()

# salient_add_evidence(NAME evidence-resnet NETWORK resnet)
#
# Makes a program that measures what is said of the methods, on this network and the user's pictures:
# `evidence-resnet folder --out evidence.html`. Arguments as for salient_add_explainer.
function(salient_add_evidence)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;NETWORK;HEADER;TYPE;WEIGHTS;LABELS;RESIZE;FILTER" "")
  salient_add_program(salient_add_evidence "<salient/evidence/run.hpp>\n#include <salient/evidence/typed_subject.hpp>"
    evidence)
endfunction()

# salient_add_c_library(NAME digits NETWORK resnet)
#
# Makes a shared library with the C interface of salient.h for this network, and the header digits.h, which declares
# `const salient_network* digits_network(void)`. Link the target in C or C++, or load the library from another language.
# Arguments as for salient_add_explainer; weights and labels are found where they are now or beside the library.
function(salient_add_c_library)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;NETWORK;HEADER;TYPE;WEIGHTS;LABELS;RESIZE;FILTER" "")
  salient_check_name(salient_add_c_library "part of a C function's name")
  salient_find_network(salient_add_c_library)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/salient-c/${arg_NAME})
  file(CONFIGURE OUTPUT ${folder}/${arg_NAME}.h CONTENT "/* Written by salient_add_c_library. */
#ifndef SALIENT_C_LIBRARY_@arg_NAME@
#define SALIENT_C_LIBRARY_@arg_NAME@

#include <salient.h>

#ifdef __cplusplus
extern \"C\"
#endif
const salient_network* @arg_NAME@_network(void);

#endif
" @ONLY)
  file(CONFIGURE OUTPUT ${folder}/${arg_NAME}.cpp CONTENT "// Written by salient_add_c_library.
#include <@arg_HEADER@>
#include <salient/explainer/c_interface.hpp>

extern \"C\" const salient_network* @arg_NAME@_network() {
  try {
    static const salient_network network = salient::explainer::c_network<@arg_TYPE@>(@setup@);
    return &network;
  } catch (...) {  // std::bad_alloc
    return nullptr;
  }
}
" @ONLY)
  file(CONFIGURE OUTPUT ${folder}/${arg_NAME}.map
    CONTENT "{ global: salient_*; ${arg_NAME}_network; local: *; };\n")
  add_library(${arg_NAME} SHARED ${folder}/${arg_NAME}.cpp)
  salient_program_options(${arg_NAME})
  target_link_options(${arg_NAME} PRIVATE LINKER:--version-script=${folder}/${arg_NAME}.map)
  target_link_libraries(${arg_NAME} PRIVATE salient::explainer ${arg_NETWORK})
  target_include_directories(${arg_NAME} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}
    PUBLIC ${folder} $<TARGET_PROPERTY:salient::salient,INTERFACE_INCLUDE_DIRECTORIES>)
endfunction()

# A program of the function salient::SPACE::run, for the functions above, whose arguments are in arg_NAME and so on.
function(salient_add_program function includes space)
  salient_find_network(${function})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}-main.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "// Written by @function@.
#include <@arg_HEADER@>
#include @includes@

int main(int argc, char** argv) {
  return salient::@space@::run<@arg_TYPE@>(@setup@, argc, argv);
}
" @ONLY)
  add_executable(${arg_NAME} ${source})
  salient_program_options(${arg_NAME})
  target_link_libraries(${arg_NAME} PRIVATE salient::explainer ${arg_NETWORK})
  target_include_directories(${arg_NAME} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()

# Completes arg_HEADER and so on from the target NETWORK, and sets `setup` to the salient::explainer::introduction.
macro(salient_find_network function)
  if(NOT TARGET salient::explainer)
    message(FATAL_ERROR "${function}: salient's library of explainers was not built, because CLI11 was not "
      "found; install it (Debian's libcli11-dev) and configure salient again")
  endif()
  if(arg_NETWORK)
    salient_check_arguments(${function} NAME)
    if(NOT TARGET ${arg_NETWORK})
      message(FATAL_ERROR "${function}: NETWORK ${arg_NETWORK} is no target; call salient_add_network before")
    endif()
    foreach(property HEADER TYPE WEIGHTS LABELS)
      get_target_property(value ${arg_NETWORK} SALIENT_${property})
      if(NOT arg_${property} AND value)
        set(arg_${property} ${value})
      endif()
    endforeach()
  endif()
  salient_check_arguments(${function} NAME HEADER TYPE WEIGHTS)
  salient_absolute(weights "${arg_WEIGHTS}")
  salient_absolute(labels "${arg_LABELS}")
  string(REGEX REPLACE "^.*::" "" network ${arg_TYPE})
  set(fit "")
  if(DEFINED arg_RESIZE OR DEFINED arg_FILTER)
    set(by bilinear)
    if(DEFINED arg_FILTER)
      set(by ${arg_FILTER})
    endif()
    if(NOT arg_RESIZE MATCHES "^[0-9]+$" OR NOT by MATCHES "^(bilinear|bicubic)$")
      message(FATAL_ERROR "${function}: RESIZE needs a number of pixels, and FILTER bilinear or bicubic")
    endif()
    set(fit ",\n       .fit = salient::fitting{.resize = ${arg_RESIZE}, .filter = salient::filter::${by}}")
  endif()
  set(setup "
      {.name = \"${arg_NAME}\",
       .network = \"${network}\",
       .weights = R\"salient(${weights})salient\",
       .labels = R\"salient(${labels})salient\"${fit}}")
endmacro()
