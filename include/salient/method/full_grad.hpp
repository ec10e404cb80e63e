// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/device/memory.hpp"
#include "salient/graph/session.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/option.hpp"
#include "salient/method/side_session.hpp"
#include "salient/method/words.hpp"

namespace salient {

/// FullGrad's picture, as an explanation, and the parts that add up to the score.
template <class T>
struct full_gradient : explanation<T> {
  basic_tensor<T> input;    ///< x dz_c/dx: N x H x W x C
  basic_tensor<T> biases;   ///< the sum of b dz_c/db over each layer: N x 1 x 1 x layers
  std::vector<int> layers;  ///< those layers' activations, as `network::find` numbers them, increasing
  /// The sum of `input` and `biases`, for each image: z_c for a logit, if the network is piecewise linear and
  /// has no constants but its biases.
  std::vector<T> totals;
};

/// What is scaled to the range from 0 to 1 before FullGrad adds it to its picture.
enum class full_grad_scale {
  channel,  ///< each channel of each part, as in the paper
  layer     ///< each part as a whole, as in the paper's program
};

namespace methods {

namespace detail {

/// Throws salient::error if the budget is not positive.
SALIENT_EXPORT void check_full_grad(long budget);

/// What becomes of the parts of a batch's gradients: sums, and a picture. For float and double.
template <class T>
class SALIENT_EXPORT full_gradient_sum {
 public:
  full_gradient_sum(shape input, long batch, full_grad_scale);

  /// Adds a part, N x h x w x K: to the picture, if it has more than one position, its magnitudes, scaled and
  /// enlarged. Returns the sum of each image's values. Throws salient::error if a value is not finite.
  std::vector<double> add(const basic_tensor<T>& part);

  const basic_tensor<double>& picture() const { return picture_; }
  const std::vector<double>& totals() const { return totals_; }

 private:
  full_grad_scale scale_;
  basic_tensor<double> picture_;
  std::vector<double> totals_;
};

/// part *= factors, where each channel has a factor, or each value.
template <class T>
SALIENT_EXPORT void multiply(basic_tensor<T>& part, std::span<const T> factors);

/// The constant part of a row, in host memory: one value for each channel of its output.
template <class D, class T>
std::vector<T> constants_of(const D& device, const parameters_view<T>& parameters, const parameter_place& p,
                            const layer_facts& facts, int channels) {
  std::vector<T> constants(static_cast<std::size_t>(channels));
  const T* from = parameters.derived(p) + channels;
  if (facts.constant_part == constant_part::bias)
    for (std::size_t t = 0; t < p.list.count; ++t)
      if (p.list.tensors[t].name == "bias") from = parameters.tensor(p, t);
  copy_out(device, constants.data(), from, constants.size() * sizeof(T));
  return constants;
}

}  // namespace detail

struct full_grad {
  static constexpr method_words words{
      .name = "full_grad",
      .title = "FullGrad",
      .paper = "Srinivas, Fleuret: Full-Gradient Representation for Neural Network Visualization (2019)",
      .link = "https://arxiv.org/abs/1905.00780",
      .does =
          "Splits the score into the contributions of the pixels and of every bias at every position, and "
          "adds up their magnitudes, each scaled to the range from 0 to 1 and enlarged to the image.",
      .good =
          "One backward pass, and nothing left out: with ReLUs, the parts behind "
          "the picture add up to the score. It shows whole regions and fine edges together.",
      .bad =
          "The picture does not tell what speaks for the class from what speaks against it, and scaling "
          "gives a part that hardly matters the weight of any other. The split depends on how the network "
          "divides its constants among its layers.",
      .non_negative = true,
      .relative = true,
  };

  full_grad_scale scale = full_grad_scale::channel;
  /// Bytes of device memory for the passes of images that run together; one runs in any case.
  long budget = 64L << 20;

  static constexpr auto options = std::tuple{method_option{
      "scale", "What is scaled to the range from 0 to 1: each channel of a part, or each layer's part",
      &full_grad::scale,
      std::to_array<option_word<full_grad_scale>>(
          {{"channel", full_grad_scale::channel}, {"layer", full_grad_scale::layer}})}};

  using needs = gradients::needs;
  template <class Network>
  static constexpr int tap = 0;

  /// Throws salient::error if the budget is not positive.
  template <class Network>
  void validate(long) const {
    detail::check_full_grad(budget);
  }

  /// In a session of its own, because the signals of all layers with a bias must be kept.
  template <class Query>
  auto operator()(const Query& q) const {
    using network = typename Query::network;
    using scalar = typename Query::scalar;
    constexpr long each = network::template plan<pass::biases, scalar>.bytes;
    const auto& model = q.session().model();
    const auto inputs = q.activation(0);
    const detail::side_session<session<typename Query::model_type, pass::biases>> session(
        q, std::clamp(budget / each, 1L, q.batch()));

    full_gradient<scalar> result{q.result({}), {}, {}, {}, {}};
    std::vector<std::vector<scalar>> constants;
    for (const parameter_place& p : network::parameter_layout.places) {
      const layer_facts& facts = network::graph.facts(p.row);
      if (facts.constant_part == constant_part::none || !network::topology.leads[p.row + 1]) continue;
      result.layers.push_back(p.row + 1);
      constants.push_back(detail::constants_of(model.device(), model.parameters(), p, facts,
                                               network::extent(p.row + 1).channels));
    }
    const auto append = [](basic_tensor<scalar>& to, const auto& values) {
      to.values.insert(to.values.end(), values.begin(), values.end());
    };
    result.map.extent = {inputs.extent.height, inputs.extent.width, 1};
    result.input.extent = inputs.extent;
    result.biases.extent = {1, 1, static_cast<int>(result.layers.size())};
    result.map.batch = result.input.batch = result.biases.batch = q.batch();

    for (long first = 0; first < q.batch(); first += session.capacity()) {
      const long some = std::min(session.capacity(), q.batch() - first);
      auto part = inputs.slice(first, some);
      session->begin(some);
      session->write(session->activation(0), part.values);
      session->forward_inputs("at the image");
      q.template backward<gradient>(*session, 0, {first, 1});
      detail::full_gradient_sum<scalar> sum(inputs.extent, some, scale);
      const auto read = [&](int activation) {
        basic_tensor<scalar> signal(network::extent(activation), some);
        session->read(session->signal(activation), signal.values);
        return signal;
      };
      detail::multiply<scalar>(part, read(0).values);
      sum.add(part);
      append(result.input, part.values);
      std::vector<std::vector<double>> sums;
      for (std::size_t i = 0; i < constants.size(); ++i) {
        auto bias = read(result.layers[i]);
        detail::multiply<scalar>(bias, constants[i]);
        sums.push_back(sum.add(bias));
      }
      for (std::size_t k = 0; k < static_cast<std::size_t>(some); ++k)
        for (const auto& s : sums) result.biases.values.push_back(static_cast<scalar>(s[k]));
      for (const double total : sum.totals()) result.totals.push_back(static_cast<scalar>(total));
      append(result.map, basic_tensor<scalar>(sum.picture()).values);
    }
    return result;
  }
};

}  // namespace methods

/// FullGrad's picture, N x H x W x 1: the sum over all parts of up(scale(|part|)). The parts are x dz_c/dx
/// and, for every layer with a bias b that has more than one position, b dz_c/db at every position of the
/// layer's output. A batch norm's bias is that of its scale and shift: beta - gamma mean / deviation. `scale`
/// maps a channel of a part linearly to the range from 0 to 1, and one that is constant but for rounding to
/// 0; `up` enlarges it to the input bilinearly, as `resample`. The channels of a part are added.
///
/// The result also has the parts: that of the input, and the sum of each layer's. All of them, with layers
/// without positions, add up to `totals`. For a logit this is the score, if every layer between the biases is
/// linear or piecewise linear through zero: ReLU, leaky ReLU, PReLU, max-pool. It is not for activations with
/// bends or values of their own elsewhere (ReLU6, sigmoid, SiLU), products, and layer and local response
/// norms. Srinivas and Fleuret 2019, arXiv:1905.00780.
template <class Model, class Target = logit>
auto full_grad(const Model& model, const basic_tensor<typename Model::scalar>& images,
               const Target& target = {}, const methods::full_grad& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
