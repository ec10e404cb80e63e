# SPDX-License-Identifier: MIT
# cmake -DKIND=chain|residual|resnet152 -DLAYERS=100 -DMETHODS=1 -DFILE=network.cpp -P generate.cmake
#
# Writes what a user would write for a network of LAYERS layers: the declaration, loading, and maps by the first METHODS
# of four methods. No two convolutions have the same number of filters, so that every layer is a different type; this is
# the worst case.
#   chain     convolutions with ReLUs, a pool after every eighth while the map is large enough, then the head
#   resnet152 networks::resnet152, with 515 layers
#   residual  named stages of named bottleneck blocks, as in ResNet; LAYERS is a multiple of 10 and at least 20
cmake_minimum_required(VERSION 3.25)

set(head global_avg_pool flatten "dense<10>")
set(layers "")

if(KIND STREQUAL "chain")
  math(EXPR body "${LAYERS} - 3")
  set(count 0)
  set(filters 8)
  set(side 64)
  while(count LESS body)
    list(APPEND layers "conv2d<${filters}, 3, with{.padding = padding::same}>" relu)
    math(EXPR filters "${filters} + 1")
    math(EXPR count "${count} + 2")
    math(EXPR eighth "${filters} % 8")
    if(eighth EQUAL 0 AND side GREATER 8)
      list(APPEND layers "max_pool<2>")
      math(EXPR count "${count} + 1")
      math(EXPR side "${side} / 2")
    endif()
  endwhile()
  list(SUBLIST layers 0 ${body} layers)
elseif(KIND STREQUAL "residual")
  # A named convolution with batch norm and ReLU; the last of a block has no ReLU.
  function(convolve number filters kernel last result)
    math(EXPR around "${kernel} / 2")
    set(text "named<\"conv${number}\", conv2d<${filters}, ${kernel}, with{.padding = ${around}, .bias = false}>>, "
      "named<\"bn${number}\", batch_norm<>>")
    string(JOIN "" text ${text})
    if(NOT last)
      string(APPEND text ", relu")
    endif()
    set(${result} "${text}" PARENT_SCOPE)
  endfunction()

  convolve(1 32 3 FALSE first)
  convolve(2 64 3 FALSE second)
  list(APPEND layers "${first}" "${second}" "max_pool<2>")
  math(EXPR blocks "(${LAYERS} - 10) / 10")
  set(stage 0)
  set(block 0)
  while(block LESS blocks)
    math(EXPR stage "${stage} + 1")
    set(in_stage "")
    foreach(number RANGE 15)
      if(block LESS blocks)
        math(EXPR width "8 + ${block}")
        convolve(1 ${width} 1 FALSE a)
        convolve(2 ${width} 3 FALSE b)
        convolve(3 64 1 TRUE c)
        list(APPEND in_stage
          "named<\"block${number}\", sequence<sum<sequence<${a}, ${b}, ${c}>, identity>, relu>>")
        math(EXPR block "${block} + 1")
      endif()
    endforeach()
    list(JOIN in_stage ", " in_stage)
    list(APPEND layers "named<\"stage${stage}\", sequence<${in_stage}>>")
  endwhile()
elseif(NOT KIND STREQUAL "resnet152")
  message(FATAL_ERROR "KIND is '${KIND}', not chain, residual or resnet152")
endif()
list(APPEND layers ${head})
list(JOIN layers ", " layers)
set(network "network<input<64, 64, 3>, ${layers}>")
set(header "")
if(KIND STREQUAL "resnet152")
  set(network networks::resnet152)
  set(header "#include <salient/networks/resnet.hpp>\n")
endif()

set(methods methods::gradients methods::guided_backprop methods::grad_cam<> methods::integrated_gradients)
list(SUBLIST methods 0 ${METHODS} methods)
set(writes "")
set(index 0)
foreach(method IN LISTS methods)
  string(APPEND writes "  write(arguments[${index} + 2], std::get<${index}>(maps).map);\n")
  math(EXPR index "${index} + 1")
endforeach()
list(TRANSFORM methods APPEND "{}")
list(JOIN methods ", " methods)

file(WRITE ${FILE} "// SPDX-License-Identifier: MIT
${header}#include <salient/salient.hpp>

using namespace salient;

using deep = ${network};
static_assert(deep::size == ${LAYERS});

void write(const char* file, const tensor& map) {
  write_npy(file, map.values, {map.batch, map.extent.height, map.extent.width, map.extent.channels});
}

int main(int, char** arguments) {
  const cpu device;
  const auto model = load<deep>(arguments[1], device);
  const tensor image(deep::input_shape, 1, 0.5f);
  const auto maps = explain(model, image, logit(), ${methods});
${writes}}
")
