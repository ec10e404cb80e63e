// SPDX-License-Identifier: MIT
#pragma once

// Laws of all graphs with branches: a plan and its runner compute the same as the rows one by one.

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "laws/central_differences.hpp"
#include "laws/method_laws.hpp"
#include "laws/naive_graph.hpp"
#include "laws/network_laws.hpp"
#include "laws/noise.hpp"
#include "laws/random_graph.hpp"

namespace salient::laws {

template <class T, class U>
void expect_same(const std::vector<T>& got, const std::vector<U>& expected, double tolerance,
                 const std::string& what) {
  SCOPED_TRACE(what);
  expect_near(std::span<const T>(got), std::span<const U>(expected), tolerance);
}

template <class Session>
auto read_values(const Session& s, const typename Session::scalar* from, int activation) {
  std::vector<typename Session::scalar> values(
      static_cast<std::size_t>(s.batch() * Session::network::extent(activation).elements()));
  s.read(from, values);
  return values;
}

template <class Rule, class Session, class Network>
void backward_agrees(Session& s, naive_graph<Network>& naive, std::span<const int> taps) {
  constexpr int scores = Network::scores;
  const auto rule_number = rules::index<Rule>;
  const std::string about = "rule " + std::to_string(rule_number) + ", ";
  const auto start = noise<double>(s.batch() * Network::classes, 5);
  naive.backward(scores, start, rule_number);
  for (const int to : taps) {
    s.write(s.signal(scores), start);
    s.template backward<Rule>(scores, to);
    expect_same(read_values(s, s.signal(to), to), naive.signal(to), 1e-12,
                about + "signal at " + std::to_string(to));
    if (!Session::pass_type::bias_signals || to != 0) continue;
    for (int a = 1; a <= scores; ++a)
      if (Network::graph.facts(a - 1).constant_part != constant_part::none && Network::topology.leads[a])
        expect_same(read_values(s, s.signal(a), a), naive.signal(a), 1e-12,
                    about + "kept signal at " + std::to_string(a));
  }
  for (const int from : taps) {
    const auto middle = noise<double>(s.batch() * Network::extent(from).elements(), 6);
    naive.backward(from, middle, rule_number);
    s.write(s.signal(from), middle);
    s.template backward<Rule>(from, 0);
    expect_same(read_values(s, s.signal(0), 0), naive.signal(0), 1e-12,
                about + "from " + std::to_string(from));
  }
}

/// Sums of signals, epilogues, slices of concats and shared buffers give the same as separate rows.
template <class Network, class Pass>
void plan_agrees_with_rows() {
  const cpu device;
  const auto m = random_model<Network, double>(device);
  const auto images = random_images<double>(Network::input_shape, 2);
  naive_graph<Network> naive(m);
  naive.forward(images);
  session<model<Network, cpu, double>, Pass> s(m, 3);
  s.forward(images);
  expect_same(s.scores().values, naive.value(Network::scores), 1e-12, "scores");
  if constexpr (Pass::backward) {
    std::vector<int> taps(Pass::taps.begin(), Pass::taps.end());
    taps.push_back(0);
    for (int round = 0; round < 2; ++round) {  // a pass must leave intact what the next one needs
      for (const int tap : Pass::taps)
        expect_same(read_values(s, s.activation(tap), tap), naive.value(tap), 1e-12,
                    "activation " + std::to_string(tap));
      backward_agrees<gradient>(s, naive, taps);
      backward_agrees<guided>(s, naive, taps);
      backward_agrees<deconv>(s, naive, taps);
    }
  }
}

/// Single precision agrees with double, several threads with one, and a batch with its images one by one.
template <class Network, class Method>
void devices_agree_on_graph(const Method& method) {
  const cpu device;
  const cpu_pool pool(3);
  const auto single = random_model<Network>(device);
  const auto images = random_images<double>(Network::input_shape, 3);
  tensor narrow(Network::input_shape, 3);
  std::ranges::copy(images.values, narrow.values.begin());
  const auto explained = [&](const auto& m, const auto& x) {
    return std::get<0>(explain(m, x, logit(1), method));
  };
  const auto expected = explained(random_model<Network, double>(device), images);
  const auto alone = explained(single, narrow);
  expect_near(std::span<const float>(alone.scores.values), std::span<const double>(expected.scores.values),
              1e-4);
  expect_near(std::span<const float>(alone.map.values), std::span<const double>(expected.map.values), 1e-4);
  EXPECT_EQ(explained(random_model<Network>(pool), narrow).map.values, alone.map.values);
  for (long n = 0; n < 3; ++n) {
    tensor one(Network::input_shape);
    std::ranges::copy(narrow.image(n), one.values.begin());
    const auto map = explained(single, one).map;
    EXPECT_TRUE(std::ranges::equal(map.values, alone.map.image(n))) << "image " << n;
  }
}

/// The same for the methods of every rule, and for one that reads an activation.
template <class Network>
void devices_agree_on_graph() {
  const auto agree = [](const char* name, const auto& method) {
    SCOPED_TRACE(name);
    if constexpr (applies<std::remove_cvref_t<decltype(method)>, Network>)
      devices_agree_on_graph<Network>(method);
  };
  agree("gradients", methods::gradients{});
  agree("guided backpropagation", methods::guided_backprop{});
  agree("deconvolution", methods::deconvolution<>{});
  agree("Grad-CAM", methods::grad_cam<>{.relu = false});
}

/// Activations spread over a network.
template <class Network, int Part, int Parts>
inline constexpr int spread = 1 + (Network::size - 1) * Part / Parts;

template <class Network>
void graph_laws() {
  plan_agrees_with_rows<Network, pass::saliency<>>();
  plan_agrees_with_rows<Network, pass::forward>();
  plan_agrees_with_rows<Network, pass::biases>();
  plan_agrees_with_rows<Network, pass_with<spread<Network, 1, 5>, spread<Network, 3, 5>>>();
  plan_agrees_with_rows<Network, pass_with<spread<Network, 1, 2>>>();
  plan_agrees_with_rows<Network,
                        pass_with<spread<Network, 2, 7>, spread<Network, 3, 7>, spread<Network, 4, 7>>>();
  inputs_differentiate<Network>(cpu{});
  parameters_differentiate<Network>(cpu{});
  if constexpr (applies<methods::exact_integrated_gradients, Network>) is_complete<Network>();
  devices_agree_on_graph<Network>();
}

template <std::uint64_t... Seeds>
void random_graph_laws(std::integer_sequence<std::uint64_t, Seeds...>) {
  const auto law = []<std::uint64_t Seed>() {
    using drawn = random_graph<Seed>;
    SCOPED_TRACE("seed " + std::to_string(Seed) + ": " + describe<drawn>());
    graph_laws<drawn>();
  };
  (law.template operator()<Seeds>(), ...);
}

}  // namespace salient::laws
