// SPDX-License-Identifier: MIT
#include "evidence/comparisons.hpp"

#include <algorithm>
#include <array>

namespace salient::evidence {
namespace {

constexpr std::array comparisons{
    comparison{"guided_ig", "integrated_gradients", "is less noisy than Integrated Gradients",
               figure::roughness, false, "less noise than the straight line"},
    comparison{"smooth_grad", "gradients", "changes less than Gradients with a small change of the image",
               figure::max_sensitivity, false, "Changes less than its base method's map"},
    comparison{"guided_backprop", "gradients", "is less noisy than Gradients", figure::roughness, false,
               "Less noisy than gradients"},
    comparison{"guided_grad_cam", "guided_backprop", "separates classes better than Guided Backpropagation",
               figure::class_correlation, false, "separates classes better than guided"},
    comparison{"grad_cam_plus_plus", "grad_cam", "depends less on the class than Grad-CAM",
               figure::class_correlation, true, "depends less on the class than Grad-CAM"},
    comparison{"internal_influence", "gradients", "is less often blind than Gradients", figure::blind, false,
               "Less dependent on saturated units than the gradient"},
};

}  // namespace

std::span<const comparison> all_comparisons() { return comparisons; }

std::size_t place_of(std::string_view method) {
  const auto& all = all_measurable();
  return static_cast<std::size_t>(
      std::ranges::find_if(all, [&](const measurable& m) { return m.words.name == method; }) - all.begin());
}

metrics::estimate difference_of(const network_results& n, const comparison& c) {
  const auto &own = n.methods[place_of(c.method)], &other = n.methods[place_of(c.other)];
  if (!own || !other) return {};
  return paired_difference(*own, *other, c.stands);
}

verdict judge(const network_results& n, const comparison& c) {
  return judge(rule{c.more, 0, true}, difference_of(n, c));
}

}  // namespace salient::evidence
