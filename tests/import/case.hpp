// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "import/reference.hpp"
#include "salient/salient.hpp"

namespace salient {

/// The network, with a vector as output even if it writes a map.
template <class Network, bool Map = Network::output_shape.spatial()>
struct with_scores {
  using type = Network;
};
template <class Network>
struct with_scores<Network, true> {
  using type = network_of<typename Network::input_type, sequence<typename Network::structure, flatten>>;
};

/// Loads each file's weights, which may have other names but the same order, and compares output and gradient
/// with the references.
template <class Imported>
void check(const std::string& name, const std::vector<std::string>& files) {
  const import_test::reference& expected = import_test::reference_of(name);
  using network = typename with_scores<Imported>::type;
  ASSERT_EQ(network::input_shape, expected.extent);
  static const cpu device;
  constexpr bool ends_in_softmax = network::scores != network::output;
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    const auto model = import_test::load_in_order<network>(file, device);
    const tensor image = import_test::image_of(expected);
    if (network::output != Imported::output) {
      ASSERT_EQ(std::vector<long>({Imported::output_shape.height, Imported::output_shape.width,
                                   Imported::output_shape.channels}),
                expected.output_extent);
    }
    tensor scores = predict(model, image);
    if (ends_in_softmax) {
      const auto p = probabilities<float>(scores.image(0));
      scores.values.assign(p.begin(), p.end());
    }
    // The importer leaves the logarithm out; the exporters' cases have it.
    const bool logarithm = name.ends_with("log_softmax");
    if (logarithm)
      for (float& p : scores.values) p = std::log(p);
    import_test::expect_near(scores.values, expected.output, 2e-5, "output");
    auto map = [&] {
      if constexpr (ends_in_softmax)
        return logarithm ? gradients(model, image, cross_entropy(expected.target))
                         : gradients(model, image, probability(expected.target));
      else
        return gradients(model, image, logit(expected.target));
    }();
    if (logarithm)
      for (float& m : map.map.values) m = -m;
    import_test::expect_near(map.map.values, expected.gradient, 1e-4, "gradient");
  }
}

}  // namespace salient
