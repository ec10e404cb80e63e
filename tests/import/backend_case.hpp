// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "import/backend_data.hpp"
#include "import/case.hpp"
#include "import/reference.hpp"
#include "import/values_at.hpp"
#include "laws/central_differences.hpp"

namespace salient {

/// Compares a gradient with central differences of `f`, a function of the image, at some of its values.
template <class F>
void expect_differences(basic_tensor<double>& image, const std::vector<double>& gradient, const F& f) {
  const std::size_t step = 1 + gradient.size() / 64;
  for (std::size_t i = 0; i < gradient.size(); i += step)
    EXPECT_NEAR(gradient[i], laws::closest_difference(image.values[i], gradient[i], f),
                1e-6 * std::max(1.0, std::abs(gradient[i])))
        << "gradient of value " << i;
}

/// Checks the gradients of a random weighted sum of the scores, and of a probability if the network ends in a
/// softmax, at an image near to the given one, at which no two values of a pooling window tie and none lies
/// on a kink.
template <class Network>
void expect_gradients(const model<Network, cpu, double>& m, const tensor& images) {
  basic_tensor<double> image = import_test::near_first(images);
  session<model<Network, cpu, double>> s(m, 1);
  const std::vector<double> weights =
      laws::random_images<double>({1, 1, static_cast<int>(Network::extent(Network::scores).elements())}, 1, 5)
          .values;
  const auto sum = [&] {
    const auto y = values_at<Network>(Network::scores, s, image);
    return std::inner_product(y.begin(), y.end(), weights.begin(), 0.0);
  };
  sum();
  std::vector<double> gradient(image.values.size());
  s.write(s.signal(Network::scores), weights);
  s.template backward<salient::gradient>(Network::scores, 0);
  s.read(s.signal(0), gradient);
  expect_differences(image, gradient, sum);
  if constexpr (Network::scores != Network::output)
    expect_differences(image, gradients(m, image, probability(0)).map.values,
                       [&] { return values_at<Network>(Network::output, s, image)[0]; });
}

/// Runs a test of ONNX's backend suite, and checks the network's gradients.
template <class Imported>
void check_backend(const std::string& test, const std::string& weights, import_test::backend_output is) {
  using network = typename with_scores<Imported>::type;
  static const cpu device;
  const tensor images = import_test::backend_images(test, network::input_shape);
  const auto m = import_test::load_in_order<network>(weights, device);
  session<model<network, cpu, float>, pass::forward> s(m, images.batch);
  import_test::expect_backend_output(test, values_at<network>(network::output, s, images), is);
  expect_gradients<network>(import_test::load_in_order<network, double>(weights, device), images);
}

}  // namespace salient
