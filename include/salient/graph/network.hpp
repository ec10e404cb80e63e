// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include <boost/hana/fwd/type.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>

#include "salient/core/fixed_string.hpp"
#include "salient/core/preprocessing.hpp"
#include "salient/graph/infer.hpp"
#include "salient/graph/parameters.hpp"
#include "salient/graph/pass.hpp"
#include "salient/graph/plan.hpp"

namespace salient {

/// The input of a network: its shape, and how it is made from an image. `input<28, 28>` is a grey image,
/// `input<224, 224, 3, preprocessing{.mean = {0.485, 0.456, 0.406}, .deviation = {0.229, 0.224, 0.225}}>` an
/// image in colour, normalised as torchvision's classifiers want it.
template <int Height, int Width, int Channels = 1, preprocessing Preprocessing = preprocessing{}>
struct input {
  static_assert(Height > 0 && Width > 0 && Channels > 0,
                "an input must have at least one pixel and one channel");
  static_assert(
      defect_of(Preprocessing, Channels).empty(),
      "salient::input: the preprocessing does not suit the input: mean and deviation are one number "
      "or one for each channel, deviation and range are above 0, bgr needs 3 channels");
  static constexpr shape extent{Height, Width, Channels};
  static constexpr preprocessing applied = Preprocessing;
};

namespace detail {

template <class Indices, class... Layers>
struct checked;

template <std::size_t... I, class... Layers>
struct checked<std::index_sequence<I...>, Layers...> {
  // Every layer is looked at, not only those before the first bad one; in a list, for Clang's folds end at
  // 256.
  static constexpr std::array<bool, sizeof...(Layers)> each{is_layer<static_cast<int>(I), Layers>()...};
  static constexpr bool layers = std::ranges::all_of(each, [](bool is) { return is; });

  static constexpr auto facts() {
    if constexpr (layers)
      return std::array<layer_facts, sizeof...(Layers)>{facts_of<Layers>()...};
    else
      return std::array<layer_facts, 0>{};  // is_layer has said why
  }
};

template <int Index, class First, class... Rest>
constexpr auto layer_at() {
  if constexpr (Index == 0)
    return boost::hana::type_c<First>;
  else
    return layer_at<Index - 1, Rest...>();
}

}  // namespace detail

/// A feed-forward classifier as a type: its input and a list of layers. Shapes are inferred and checked when
/// compiled.
///
/// Activation 0 is the input, activation i + 1 the output of layer i.
template <class Input, class... Layers>
struct network {
  static_assert(sizeof...(Layers) > 0, "a network needs at least one layer");

  static constexpr int size = sizeof...(Layers);
  /// The layers as a Hana type list, for Hana's algorithms: transform them, then `network_of<input, result>`.
  static constexpr auto layers = boost::hana::tuple_t<Layers...>;
  using input_type = Input;

 private:
  using self = detail::checked<std::make_index_sequence<sizeof...(Layers)>, Layers...>;

 public:
  static constexpr auto facts = self::facts();
  static constexpr auto inferred = infer(Input::extent, facts);

 private:
  static constexpr bool report() {
    if constexpr (inferred.misfit >= 0) {
      constexpr auto at = static_cast<std::size_t>(inferred.misfit);
      using culprit = typename decltype(detail::layer_at<inferred.misfit, Layers...>())::type;
      report_misfit<inferred.misfit, culprit, inferred.shapes[at],
                    misfit_message(inferred.misfit, facts[at], inferred.shapes[at])>();
    }
    return true;  // the one error has been reported
  }
  static_assert(report());

  static constexpr bool names_differ() {
    for (std::size_t i = 0; i < facts.size(); ++i)
      for (std::size_t j = 0; j < i && !facts[i].label.empty(); ++j)
        if (facts[i].label == facts[j].label) return false;
    return true;
  }
  static_assert(names_differ(), "salient::network: two layers have the same name; find would be ambiguous");

 public:
  static constexpr auto& shapes = inferred.shapes;
  static constexpr shape input_shape = Input::extent;
  /// What a model of this network does to images unless it is told otherwise.
  static constexpr preprocessing input_preprocessing = Input::applied;
  static constexpr shape output_shape = shapes.back();

  /// The activation that holds the class scores: the last one, or the one before a softmax at the end.
  static constexpr int scores = size > 0 && facts.size() > 0 && facts.back().role == layer_role::softmax
                                    ? size - 1
                                    : size;
  static constexpr int classes = static_cast<int>(shapes[static_cast<std::size_t>(scores)].elements());

  /// The last activation that is a linear function of the input, but for a bias.
  static constexpr int linear_until = [] {
    int i = 0;
    while (i < scores && facts[static_cast<std::size_t>(i)].linear) ++i;
    return i;
  }();

  static constexpr auto parameter_layout = plan_parameters(facts, shapes);
  /// Number of weights and biases.
  static constexpr long parameters = parameter_layout.count;

  template <class Pass>
  static constexpr auto plan = make_plan<Pass>(facts, shapes, scores);

  /// Bytes a workspace of this pass takes for `batch` images; parameters are not in it.
  template <class Pass, class Scalar = float>
  static constexpr std::size_t memory(long batch) {
    constexpr auto& p = plan<Pass>;
    return static_cast<std::size_t>(batch * p.elements + scratch_elements<Pass>(facts, shapes, batch)) *
               sizeof(Scalar) +
           static_cast<std::size_t>(batch * p.switch_elements) * sizeof(int) +
           static_cast<std::size_t>(batch * p.sign_elements) * sizeof(bool);
  }

  /// The index of the layer with this name, or -1.
  static constexpr int find(std::string_view label) {
    for (int i = 0; i < size; ++i)
      if (!label.empty() && facts[static_cast<std::size_t>(i)].label == label) return i;
    return -1;
  }
};

namespace detail {
template <class Input, class List>
struct network_of;
template <class Input, class... L>
struct network_of<Input, boost::hana::tuple<L...>> {
  using type = network<Input, typename L::type...>;
};
template <class Input, class List>
struct network_of<Input, const List> : network_of<Input, List> {};
}  // namespace detail

/// The network of a Hana type list: `network_of<input<28, 28>, decltype(list)>`.
template <class Input, class List>
using network_of = typename detail::network_of<Input, List>::type;

}  // namespace salient
