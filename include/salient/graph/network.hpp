// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <boost/hana/fwd/type.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>

#include "salient/core/preprocessing.hpp"
#include "salient/graph/lay.hpp"
#include "salient/graph/misfit.hpp"
#include "salient/graph/parameters.hpp"
#include "salient/graph/pass.hpp"
#include "salient/graph/plan.hpp"
#include "salient/graph/topology.hpp"

namespace salient {

/// The input of a network: its shape and preprocessing. `input<28, 28>` is a grey image. `input<224, 224, 3,
/// preprocessing{.mean = {0.485, 0.456, 0.406}, .deviation = {0.229, 0.224, 0.225}}>` is a colour image,
/// normalised as for torchvision's classifiers.
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

/// A feed-forward classifier as a type: its input, then layers and blocks in sequence. Shapes are inferred
/// and checked at compile time. A struct may derive from it to have a short name: `struct resnet18 :
/// network<input<224, 224, 3>, ...> {};`
///
/// A network is a table of rows, one for each layer. Row i computes activation i + 1; activation 0
/// is the input.
template <class Input, class... Layers>
struct network {
  static_assert(sizeof...(Layers) > 0, "a network needs at least one layer");

  /// The layers as a Hana type list, to transform with Hana's algorithms; then use
  /// `network_of<input, result>`.
  static constexpr auto layers = boost::hana::tuple_t<Layers...>;
  using input_type = Input;
  using structure = sequence<Layers...>;

 private:
  static constexpr auto table = detail::lay_out<structure>(Input::extent);

  static constexpr std::size_t rows = table.rows.size();

  static constexpr text mistake() {
    if (!table.missing.empty()) return missing_message(table.missing);
    if (table.misfit >= 0) return misfit_message(table, table.misfit);
    return {};
  }
  static_assert(report_mistake<mistake()>());
  static constexpr bool fits = mistake().empty();

 public:
  static constexpr graph_view graph = table;

  /// Number of rows: layers, and additions and products of branches.
  static constexpr int size = static_cast<int>(rows);
  static_assert(size > 0, "a network needs at least one layer");

  static constexpr shape input_shape = Input::extent;
  /// The input as a value, for read_image(file, network::input).
  static constexpr Input input{};
  static constexpr shape extent(int activation) { return graph.extent(activation); }
  /// A model's preprocessing unless another is given.
  static constexpr preprocessing input_preprocessing = Input::applied;
  /// The last activation.
  static constexpr int output = table.output;
  static constexpr shape output_shape = extent(output);

  /// The activation with the class scores: the last one, or the one before a final softmax.
  static constexpr int scores =
      graph.facts(output - 1).role == layer_role::softmax ? graph.inputs(output - 1)[0] : output;
  static constexpr int classes = static_cast<int>(extent(scores).elements());

  /// The activation of a module path: the output of that layer or block, or 0 for "input". -1 if there is
  /// none, -2 if there are several.
  static constexpr int find(std::string_view path) { return graph.find(path); }

 private:
  static constexpr auto topology_table = make_topology<rows, table.edges.size()>(graph, scores);

 public:
  static constexpr topology_view topology{topology_table.first_consumer.data(),
                                          topology_table.consumers.data(), topology_table.leads.data(),
                                          topology_table.cut.data()};
  /// Whether every path from the input to the scores crosses this activation.
  static constexpr bool every_path_crosses(int activation) { return topology.cut[activation]; }

  /// The last activation that is linear in the input, except for a bias, and that every path crosses.
  static constexpr int linear_until = [] {
    int last = 0;
    for (int a = 1; a <= scores; ++a) {
      if (topology.leads[a] && !graph.facts(a - 1).linear) break;
      if (every_path_crosses(a)) last = a;
    }
    return last;
  }();

  static constexpr auto parameter_layout = plan_parameters<rows>(graph);
  static_assert(!fits || parameter_layout.mixed < 0,
                "salient::network: weights behind maps that were flattened and then joined or mixed have no "
                "order known from PyTorch; flatten once, after the join");
  static constexpr salient::parameter_table parameter_table{graph, parameter_layout.places,
                                                            parameter_layout.elements};
  /// Number of trained parameters.
  static constexpr long parameters = parameter_layout.count;

 private:
  static constexpr bool names_differ() { return repeated_name(parameter_layout.places, graph) < 0; }
  static_assert(!fits || names_differ(),
                "salient::network: two layers have the same name; find and weight files would be ambiguous");

 public:
  // In separate steps, because compilers limit the work of one constant evaluation.
  template <class Pass>
  static constexpr plan_detail::problem planned{graph, topology, pass::facts_of<Pass>(), scores, output};
  template <class Pass>
  static constexpr auto value_storage = plan_detail::value_planner<rows>(planned<Pass>).plan();
  template <class Pass>
  static constexpr auto chains = plan_detail::plan_chains<rows>(planned<Pass>, value_storage<Pass>);
  template <class Pass>
  static constexpr auto signal_storage =
      plan_detail::plan_signals<rows>(planned<Pass>, value_storage<Pass>, chains<Pass>);
  template <class Pass, class Scalar = float>
  static constexpr auto plan = make_plan<rows>(planned<Pass>, value_storage<Pass>, chains<Pass>,
                                               signal_storage<Pass>, long{sizeof(Scalar)});

  /// Bytes of the workspace that this pass needs for `batch` images, without parameters.
  template <class Pass, class Scalar = float>
  static constexpr std::size_t memory(long batch) {
    constexpr auto& p = plan<Pass, Scalar>;
    const long scratch = scratch_elements(graph, pass::facts_of<Pass>(), batch);
    return static_cast<std::size_t>(
        batch * p.bytes + plan_detail::aligned_bytes((scratch + p.all_statistics) * long{sizeof(Scalar)}));
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
template <class Input, class... L>
struct network_of<Input, sequence<L...>> {
  using type = network<Input, L...>;
};
}  // namespace detail

/// A network from a Hana type list or a sequence: `network_of<input<28, 28>, decltype(list)>`.
template <class Input, class List>
using network_of = typename detail::network_of<Input, List>::type;

namespace detail {
/// The preprocessing of a network whose input becomes `to`: pictures are cropped by the same share.
constexpr preprocessing resized_preprocessing(preprocessing p, shape from, shape to) {
  const long before = from.height < from.width ? from.height : from.width,
             after = to.height < to.width ? to.height : to.width;
  p.fit.resize = static_cast<int>((p.fit.resize * after + before / 2) / before);
  return p;
}
}  // namespace detail

/// The same network for images of another size, with the same preprocessing: `resized<resnet50, 96, 160>`.
template <class Network, int Height, int Width = Height>
using resized =
    network_of<input<Height, Width, Network::input_shape.channels,
                     detail::resized_preprocessing(Network::input_preprocessing, Network::input_shape,
                                                   {Height, Width, Network::input_shape.channels})>,
               typename Network::structure>;

}  // namespace salient
