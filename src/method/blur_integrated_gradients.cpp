// SPDX-License-Identifier: MIT
#include "salient/method/blur_integrated_gradients.hpp"

#include <cmath>
#include <string>

#include "core/blurring.hpp"
#include "core/refuse.hpp"

namespace salient::methods::detail {

// As `saliency` 0.2.1 of PAIR, with two differences under square root spacing: its widths end at the square
// root of sigma, and all steps that run together get the weight of the last of them.

void check_blur(const blur_options& o) {
  if (!(o.sigma > 0) || !(o.sigma <= widest_blur_path))
    salient::detail::refuse(
        "blur IG",
        "sigma must be above 0 and at most " + std::to_string(static_cast<int>(widest_blur_path)) + " pixels",
        o.sigma);
  check_steps("blur IG", "steps", o.steps);
}

std::vector<double> blur_widths(const blur_options& o) {
  std::vector<double> widths;
  widths.reserve(static_cast<std::size_t>(o.steps) + 1);
  for (int i = 0; i <= o.steps; ++i)
    widths.push_back(o.sqrt_spacing ? o.sigma * std::sqrt(static_cast<double>(i) / o.steps)
                                    : i * o.sigma / o.steps);
  return widths;
}

struct blurs::workspace {
  gaussian_blurring by;
  std::vector<double> here;
};

blurs::blurs(shape extent, double sigma)
    : own_(new workspace{gaussian_blurring(extent, sigma + blur_difference, outside::zeros),
                         std::vector<double>(static_cast<std::size_t>(extent.elements()))}) {}

blurs::~blurs() = default;

// In double, for the difference of two blurs that are nearly equal.
template <class T>
void blurs::write(std::span<const double> input, double sigma, std::span<T> blurred,
                  std::span<double> speed) {
  auto& [by, here] = *own_;
  by(input, sigma, here);
  by(input, sigma + blur_difference, speed);
  for (std::size_t i = 0; i < blurred.size(); ++i) {
    blurred[i] = static_cast<T>(here[i]);
    speed[i] = (speed[i] - here[i]) / blur_difference;
  }
}

template void blurs::write(std::span<const double>, double, std::span<float>, std::span<double>);
template void blurs::write(std::span<const double>, double, std::span<double>, std::span<double>);

}  // namespace salient::methods::detail
