// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "laws/noise.hpp"
#include "laws/random_model.hpp"
#include "salient/method/explain.hpp"

namespace salient::laws {

/// Passes over two parts of the layers compute the same as one pass over all, wherever the parts meet.
template <class Network, int Middle>
void passes_compose() {
  const cpu device;
  const auto model = random_model<Network, double>(device);
  const auto images = random_images<double>(Network::input_shape, 2);
  session<salient::model<Network, cpu, double>> whole(model, 2);
  session<salient::model<Network, cpu, double>, pass_with<Middle>> s(model, 2);
  whole.forward(images);
  s.load(images);
  s.forward(0, Middle);
  s.forward(Middle, Network::output);
  s.read_scores();
  EXPECT_EQ(s.scores().values, whole.scores().values) << "forward, in two parts";

  const std::vector<double> start = noise<double>(2 * Network::classes, 5);
  const auto read = [](const auto& from, const double* data) {
    std::vector<double> values(static_cast<std::size_t>(2 * Network::input_shape.elements()));
    from.read(data, values);
    return values;
  };
  const auto compose = [&]<rule Rule>(Rule) {
    whole.write(whole.signal(Network::scores), start);
    whole.template backward<Rule>(Network::scores, 0);
    s.write(s.signal(Network::scores), start);
    s.template backward<Rule>(Network::scores, Middle);
    s.template backward<Rule>(Middle, 0);
    EXPECT_EQ(read(s, s.signal(0)), read(whole, whole.signal(0))) << "backward, rule " << rules::index<Rule>;
  };
  compose(gradient{});
  compose(guided{});
  compose(deconv{});
}

template <class Network>
void passes_compose_anywhere() {
  [&]<int... I>(std::integer_sequence<int, I...>) {
    const auto at = []<int Middle>() {
      SCOPED_TRACE("meeting at activation " + std::to_string(Middle));
      if constexpr (Network::every_path_crosses(Middle)) passes_compose<Network, Middle>();
    };
    (at.template operator()<I + 1>(), ...);
  }(std::make_integer_sequence<int, Network::scores>{});
}

}  // namespace salient::laws
