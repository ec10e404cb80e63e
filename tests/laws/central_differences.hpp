// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "laws/random_model.hpp"
#include "salient/graph/session.hpp"
#include "salient/train/loss.hpp"

namespace salient::laws {

/// The derivative of f with respect to `value`, which f reads. Of three central differences, returns the one
/// closest to `expected`: a step may cross a breakpoint, but a step a hundred times smaller does not.
template <class F>
double closest_difference(double& value, double expected, const F& f) {
  const double at = value;
  double closest = std::numeric_limits<double>::infinity();
  for (const double step : {1e-6, 1e-7, 1e-8}) {
    value = at + step;
    const double up = f();
    value = at - step;
    const double down = f();
    const double slope = (up - down) / (2 * step);
    if (!(std::abs(slope - expected) >= std::abs(closest - expected))) closest = slope;
    if (std::abs(closest - expected) < 1e-8) break;
  }
  value = at;
  return closest;
}

/// Compares each parameter's gradient of the loss with a central difference.
template <class Network, class D>
void parameters_differentiate(const D& device) {
  model<Network, D, double> m(device, random_weights<Network>());
  const auto images = random_images<double>(Network::input_shape, 3);
  const std::vector<int> labels{1, 0, 2};
  session<model<Network, D, double>, pass::training> s(m, 3);
  const auto size = static_cast<std::size_t>(Network::parameter_layout.elements);
  std::vector<double> values = m.values(), gradient(size);
  const auto loss = [&] {
    m.assign(values);
    s.forward(images);
    return softmax_cross_entropy(s.scores(), std::span<const int>(labels));
  };
  buffer<double, D> device_gradient(device, size);
  s.write(device_gradient.data(), gradient);
  const auto at = loss();
  s.write(s.signal(Network::scores), at.gradient.values);
  s.parameter_gradients(Network::scores, device_gradient.data());
  device_gradient.download(gradient);

  long checked = 0;
  for (const parameter_place& p : Network::parameter_layout.places) {
    for (std::size_t t = 0; t < p.list.count; ++t) {
      if (!p.list.tensors[t].trained) continue;
      for (long i = 0; i < p.list.tensors[t].elements(); ++i, ++checked) {
        const auto k = static_cast<std::size_t>(p.tensor[t] + i);
        EXPECT_NEAR(gradient[k], closest_difference(values[k], gradient[k], [&] { return loss().loss; }),
                    5e-8)
            << parameter_name(Network::graph, p, t) << ", element " << i;
      }
    }
  }
  EXPECT_EQ(checked, Network::parameters);
}

/// The same for each pixel's gradient of a score.
template <class Network, class D>
void inputs_differentiate(const D& device) {
  const model<Network, D, double> m(device, random_weights<Network>());
  auto image = random_images<double>(Network::input_shape, 1, 11);
  session<model<Network, D, double>> s(m, 1);
  basic_tensor<double> signal(s.scores().extent), gradient(Network::input_shape);
  signal.values[1] = 1;
  s.forward(image);
  s.write(s.signal(Network::scores), signal.values);
  s.template backward<salient::gradient>(Network::scores, 0);
  s.read(s.signal(0), gradient.values);
  for (std::size_t i = 0; i < image.values.size(); ++i)
    EXPECT_NEAR(gradient.values[i],
                closest_difference(image.values[i], gradient.values[i],
                                   [&] {
                                     s.forward(image);
                                     return s.scores().values[1];
                                   }),
                5e-8)
        << "pixel " << i;
}

}  // namespace salient::laws
