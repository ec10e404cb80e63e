// SPDX-License-Identifier: MIT
#include "salient/method/line_integral.hpp"

#include <algorithm>
#include <cmath>

#include "salient/core/error.hpp"

namespace salient::methods::detail {

template <class T>
basic_tensor<T> baselines(float constant, const std::optional<tensor>& image, shape extent, long batch) {
  if (!std::isfinite(constant)) throw error("integrated gradients: the baseline must be a finite number");
  basic_tensor<T> result(extent, batch, static_cast<T>(constant));
  if (!image) return result;
  if (!(image->extent == extent) || (image->batch != 1 && image->batch != batch))
    throw error(
        "integrated gradients: the baseline image must have the input's shape, and there must be one, or one "
        "an image");
  if (image->values.size() != static_cast<std::size_t>(image->batch * extent.elements()))
    throw error("integrated gradients: the baseline image's values do not fill its extent");
  for (const float v : image->values)
    if (!std::isfinite(v))
      throw error("integrated gradients: the baseline image has a value that is not finite");
  for (long n = 0; n < batch; ++n)
    std::ranges::copy(image->image(image->batch == 1 ? 0 : n), result.image(n).begin());
  return result;
}

template basic_tensor<float> baselines(float, const std::optional<tensor>&, shape, long);
template basic_tensor<double> baselines(float, const std::optional<tensor>&, shape, long);

}  // namespace salient::methods::detail
