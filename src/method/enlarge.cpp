// SPDX-License-Identifier: MIT
#include "salient/method/enlarge.hpp"

#include <string>

#include "salient/core/error.hpp"

namespace salient::detail {
namespace {

cell_axis centre_of(field_axis field, int cells, int pixels) {
  if (field.stride > 0) return {field.first + (field.size - 1) / 2.0, static_cast<double>(field.stride)};
  const double share = static_cast<double>(pixels) / cells;
  return {(share - 1) / 2, share};
}

std::string text(shape s) { return std::to_string(s.height) + "x" + std::to_string(s.width); }

}  // namespace

cell_centres centres_of(const receptive_fields& fields, shape layer, shape input) {
  return {centre_of(fields.y, layer.height, input.height), centre_of(fields.x, layer.width, input.width)};
}

template <class T>
basic_tensor<T> enlarge(const basic_tensor<T>& maps, shape layer, shape input, const receptive_fields& fields,
                        map_alignment where, interpolation how) {
  if (maps.extent.height != layer.height || maps.extent.width != layer.width)
    throw error("enlarge: the maps are " + text(maps.extent) + ", but the layer's output is " + text(layer) +
                "; name the layer that they are of");
  if (where == map_alignment::stretch) return resample(maps, size(input), how);
  return resample(maps, size(input), centres_of(fields, layer, input), how);
}

template basic_tensor<float> enlarge(const basic_tensor<float>&, shape, shape, const receptive_fields&,
                                     map_alignment, interpolation);
template basic_tensor<double> enlarge(const basic_tensor<double>&, shape, shape, const receptive_fields&,
                                      map_alignment, interpolation);

}  // namespace salient::detail
