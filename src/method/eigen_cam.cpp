// SPDX-License-Identifier: MIT
#include "salient/method/eigen_cam.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "kernel/principal_component.hpp"

namespace salient::methods::detail {

template <class T>
basic_tensor<T> principal_map(const basic_tensor<T>& maps) {
  salient::detail::check_finite<T>(maps.values, {});
  const auto channels = static_cast<std::size_t>(maps.extent.channels);
  basic_tensor<T> result({maps.extent.height, maps.extent.width, 1}, maps.batch);
  std::vector<double> projection(static_cast<std::size_t>(maps.extent.positions()));
  for (long n = 0; n < maps.batch; ++n) {
    const std::vector<double> image(maps.image(n).begin(), maps.image(n).end());
    kernel::project_on_first_component(image, projection);
    double along_sum = 0;  // of the maps: the projection has no mean, so that this is their covariance
    for (std::size_t i = 0; i < image.size(); ++i) along_sum += image[i] * projection[i / channels];
    std::ranges::transform(projection, result.image(n).begin(),
                           [&](double v) { return static_cast<T>(along_sum < 0 ? -v : v); });
  }
  return result;
}

template basic_tensor<float> principal_map(const basic_tensor<float>&);
template basic_tensor<double> principal_map(const basic_tensor<double>&);

}  // namespace salient::methods::detail
