// SPDX-License-Identifier: MIT
#include "salient/method/line_integral.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient::methods::detail {

void check_steps(std::string_view method, std::string_view option, int steps, int most) {
  if (steps < 1 || steps > most)
    throw error(std::string(method) + ": " + std::string(option) + " must be between 1 and " +
                std::to_string(most) + ", got " + std::to_string(steps));
}

void check_baseline(const baseline_choice& from, shape extent, long batch) {
  const auto refuse = [&](const std::string& why) { throw error(std::string(from.method) + ": " + why); };
  if (from.value && from.image)
    refuse("a baseline and a baseline_image are given; a line starts at one of them");
  if (from.value && !is_finite(*from.value)) refuse("the baseline must be a finite number");
  if (!from.image) return;
  const basic_tensor<double>& image = *from.image;
  if (!(image.extent == extent) || (image.batch != 1 && image.batch != batch))
    refuse("the baseline image must have the input's shape, and there must be one, or one for each image");
  if (image.values.size() != static_cast<std::size_t>(image.batch * extent.elements()))
    refuse("the baseline image's values do not fill its extent");
  if (!all_finite(std::span<const double>(image.values)))
    refuse("the baseline image has a value that is not finite");
}

void add_out_of_range(const baseline_choice& from, long batch, std::vector<int>& images) {
  if (!from.image) return;
  std::vector<int> more = out_of_range(*from.image), all;
  if (from.image->batch == 1 && !more.empty()) {
    more.resize(static_cast<std::size_t>(batch));
    std::iota(more.begin(), more.end(), 0);
  }
  std::ranges::set_union(images, more, std::back_inserter(all));
  images = std::move(all);
}

template <class T>
basic_tensor<T> baselines(const baseline_choice& from, shape extent, long batch, const preprocessing& p) {
  check_baseline(from, extent, batch);
  basic_tensor<T> result(extent, batch, static_cast<T>(from.value.value_or(0)));
  if (from.image) {
    const basic_tensor<T> image = preprocess(p, basic_tensor<T>(*from.image));
    for (long n = 0; n < batch; ++n)
      std::ranges::copy(image.image(image.batch == 1 ? 0 : n), result.image(n).begin());
  }
  if (!all_finite(std::span<const T>(result.values)))
    throw error(std::string(from.method) + ": the baseline has values that are too large for float");
  return result;
}

template basic_tensor<float> baselines(const baseline_choice&, shape, long, const preprocessing&);
template basic_tensor<double> baselines(const baseline_choice&, shape, long, const preprocessing&);

}  // namespace salient::methods::detail
