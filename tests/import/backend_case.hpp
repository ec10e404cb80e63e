// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "import/backend_data.hpp"
#include "import/case.hpp"
#include "import/reference.hpp"
#include "laws/central_differences.hpp"

namespace salient {

/// The network's own output, after a final softmax, for each image of the batch.
template <class Network, class Pass, class Scalar>
std::vector<Scalar> outputs(session<model<Network, cpu, Scalar>, Pass>& s, const basic_tensor<Scalar>& images) {
  s.load(images);
  s.forward(0, Network::output);
  std::vector<Scalar> values(static_cast<std::size_t>(images.batch * Network::output_shape.elements()));
  s.read(s.activation(Network::output), values);
  return values;
}

/// Compares the gradients of a random weighted sum of the outputs with central differences, at some pixels of an image
/// near to the given one, at which no two values of a pooling window tie and no value lies on a rectifier's kink.
template <class Network>
void expect_gradients(const model<Network, cpu, double>& m, const tensor& images) {
  basic_tensor<double> image = import_test::near_first(images);
  session<model<Network, cpu, double>> s(m, 1);
  const std::vector<double> weights =
      laws::random_images<double>({1, 1, static_cast<int>(Network::output_shape.elements())}, 1, 5).values;
  const auto sum = [&] {
    const auto y = outputs<Network>(s, image);
    double total = 0;
    for (std::size_t i = 0; i < y.size(); ++i) total += weights[i] * y[i];
    return total;
  };
  sum();
  std::vector<double> gradient(image.values.size());
  s.write(s.signal(Network::output), weights);
  s.template backward<salient::gradient>(Network::output, 0);
  s.read(s.signal(0), gradient);
  const std::size_t step = 1 + gradient.size() / 64;
  for (std::size_t i = 0; i < gradient.size(); i += step)
    EXPECT_NEAR(gradient[i], laws::closest_difference(image.values[i], gradient[i], sum),
                1e-6 * std::max(1.0, std::abs(gradient[i])))
        << "gradient of value " << i;
}

/// Runs a test of ONNX's backend suite, and checks the network's gradients. `map` is the map whose values the output
/// is.
template <class Imported>
void check_backend(const std::string& test, const std::string& weights, shape map) {
  using network = typename with_scores<Imported>::type;
  static const cpu device;
  const tensor images = import_test::backend_images(test, network::input_shape);
  const auto m = import_test::load_in_order<network>(weights, device);
  session<model<network, cpu, float>, pass::forward> s(m, images.batch);
  import_test::expect_backend_output(test, outputs<network>(s, images), map);
  expect_gradients<network>(import_test::load_in_order<network, double>(weights, device), images);
}

}  // namespace salient
