# SPDX-License-Identifier: MIT
# cmake -DLAYERS=100 -DMETHODS=1 -DFILE=network.cpp -P generate.cmake
#
# What a user of the library writes for a network of so many layers: declares it, loads it, and makes maps by the first
# METHODS of four methods. Convolutions with ReLUs, pooled after every eighth while there is room, then the head. No two
# convolutions have the same number of filters: each layer is a type of its own, which is the worst that can be asked.
cmake_minimum_required(VERSION 3.25)

set(head global_avg_pool flatten "dense<10>")
math(EXPR body "${LAYERS} - 3")
set(layers "")
set(count 0)
set(filters 8)
set(side 64)
while(count LESS body)
  list(APPEND layers "conv2d<${filters}, 3, 1, same>" relu)
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
list(APPEND layers ${head})
list(JOIN layers ", " layers)

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
#include <salient/salient.hpp>

using namespace salient;

using deep = network<input<64, 64, 3>, ${layers}>;
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
