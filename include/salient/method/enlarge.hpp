// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "salient/core/export.hpp"
#include "salient/core/resample.hpp"
#include "salient/graph/receptive_field.hpp"
#include "salient/method/needs.hpp"
#include "salient/method/option.hpp"
#include "salient/method/requirements.hpp"

namespace salient {

/// Where the cells of a layer's map lie on the network's input.
enum class map_alignment {
  stretch,         ///< the map is stretched over the input, as if each cell saw its share of it
  receptive_field  ///< each cell lies at the centre of the pixels that it sees
};

inline constexpr auto map_alignment_words = std::to_array<option_word<map_alignment>>(
    {{"stretch", map_alignment::stretch}, {"receptive-field", map_alignment::receptive_field}});
inline constexpr std::string_view map_alignment_help = "Where the cells of a layer's map lie on the image";

namespace detail {

/// Where a layer's cells lie on the network's input; where they have no centre of their own, as if stretched.
SALIENT_EXPORT cell_centres centres_of(const receptive_fields&, shape layer, shape input);

/// Enlarges maps of a layer. Throws salient::error if they do not have the layer's height and width.
template <class T>
SALIENT_EXPORT basic_tensor<T> enlarge(const basic_tensor<T>& maps, shape layer, shape input,
                                       const receptive_fields&, map_alignment, interpolation);

}  // namespace detail

/// Enlarges maps of an activation, numbered as by `network::find`, to the size of the network's input: N x h
/// x w x C to N x H x W x C.
///
/// Stretched maps are what other libraries draw, and `resample(maps, size(input))` gives the same. A layer
/// without padding sees less of the border, and padding that is not even shifts what its cells see: then
/// `map_alignment::receptive_field` puts the cells where they belong. Beyond the outermost cells the map goes
/// on as it ends. Where the layer's cells have no centre of their own, maps are stretched.
///
/// Throws salient::error if the maps do not have the activation's height and width.
template <class Network, class T>
basic_tensor<T> enlarge(const basic_tensor<T>& maps, int activation,
                        map_alignment where = map_alignment::stretch,
                        interpolation how = interpolation::bilinear) {
  return detail::enlarge(maps, Network::extent(activation), Network::input_shape,
                         receptive_field<Network>(activation), where, how);
}

/// The same for a layer by its name, by default the one that Grad-CAM looks at: `enlarge<resnet50,
/// "layer4">(map, map_alignment::receptive_field)`.
template <class Network, layer_id Layer = default_layer, class T>
basic_tensor<T> enlarge(const basic_tensor<T>& maps, map_alignment where = map_alignment::stretch,
                        interpolation how = interpolation::bilinear) {
  need::spatial_layer<Layer>::template demand<Network>();
  return enlarge<Network>(maps, std::max(chosen_activation<Network, Layer>, 0), where, how);
}

}  // namespace salient
