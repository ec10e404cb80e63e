// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

/// The finest detail that a map has, for each image, as a Gaussian's standard deviation in pixels of the map:
/// a blur up to this one leaves the order of its pixels' magnitudes as it was, and a wider one does not.
///
/// "As it was" means that Spearman's correlation of the blurred pixels with the map's is at least 0.95. The
/// value is the first sigma at which it falls below, found to 0.1 %: sigma grows from 0.25 in steps of a
/// quarter of an octave, and the first step that falls below is bisected. 0 if sigma = 0.25 already does, as
/// with a single pixel; about 0.5 for noise; at most the map's larger side, as with a ramp.
///
/// Smaller is finer, which is good only as far as the map is right. It says how much of a map's size is
/// detail: enlarging a map eightfold multiplies it by about eight. A blur tells equal pixels apart by what is
/// near them, which lowers the value of maps with many equal pixels, such as zeros; for a map that is zero
/// nearly everywhere it is 0. None for magnitudes that are constant. Takes maps of any shape; see
/// metric/plane.hpp, and gaussian_blur for the border. For float and double. Throws salient::error if the
/// values do not fill the map or are not finite.
template <class T>
values effective_resolution(const basic_tensor<T>& map);

}  // namespace salient::metrics
