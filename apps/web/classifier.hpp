// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/hana/tuple.hpp>
#include <boost/hana/unpack.hpp>

#include "salient/core/state_dict.hpp"
#include "salient/core/tensor.hpp"
#include "salient/explainer/layers.hpp"
#include "salient/method/cam.hpp"
#include "salient/method/deconvolution.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/guided_grad_cam.hpp"
#include "salient/method/integrated_gradients.hpp"

namespace web {

/// f.operator()<Methods...>() with the methods that the page shows, in its order.
template <class F>
constexpr auto with_methods(const F& f) {
  namespace m = salient::methods;
  return boost::hana::unpack(
      boost::hana::tuple_t<m::gradients, m::gradients_x_input, m::integrated_gradients, m::deconvolution<>,
                           m::guided_backprop, m::cam<>, m::grad_cam<>, m::guided_grad_cam<>>,
      [&](auto... each) { return f.template operator()<typename decltype(each)::type...>(); });
}

inline constexpr auto method_words =
    with_methods([]<class... M>() { return std::array{salient::method_words(M::words)...}; });

/// A method's map of one class.
struct answer {
  salient::tensor map;
  float value = 0;           ///< the class's score
  float baseline_value = 0;  ///< of Integrated Gradients: the score at the baseline
  float gap = 0;             ///< and what is missing between the map's sum and the change of the score
};

/// A network with its weights that looks at one digit after another.
class classifier {
 public:
  virtual ~classifier() = default;

  /// Runs the forward pass; returns the scores. `digit`: 1 x 28 x 28 x 1, pixels from 0 to 1.
  virtual const salient::tensor& look(const salient::tensor& digit) = 0;

  // About the digit that was last looked at:

  /// The map of a method, by its place, for a class. Throws salient::error if the network lacks what the
  /// method needs. `steps`: of Integrated Gradients.
  virtual answer explain(std::size_t method, int about, int steps) = 0;

  /// The signal that a deconvolution of a class's score brings to an activation: one of `layers` or 0, the
  /// input.
  virtual salient::tensor deconvolve(int about, int activation) = 0;
};

/// What is known of a network without its weights.
struct network_facts {
  std::string_view name;
  long parameters;
  salient::explainer::layer_list layers;
  std::array<std::string_view, method_words.size()> lacks;  ///< what a method needs and this has not, or ""
  std::unique_ptr<classifier> (*open)(const salient::state_dict&);  ///< throws salient::error
};

const network_facts& perceptron();
const network_facts& cnn();
const network_facts& deep_cnn();
const network_facts& pooled_cnn();
const network_facts& resnet();

}  // namespace web
