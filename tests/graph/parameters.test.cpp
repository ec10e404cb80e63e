// SPDX-License-Identifier: MIT
#include "salient/graph/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#include "laws/networks.hpp"
#include "laws/random_model.hpp"
#include "salient/core/error.hpp"
#include "salient/graph/session.hpp"

namespace salient {
namespace {

/// A convolution and a dense layer behind the flatten of a map of 2x3 positions and 2 channels.
using mixed = network<input<3, 4, 1>, conv2d<2, 2>, relu, flatten, dense<1>>;

state_dict mixed_weights() {
  state_dict tensors{{"0.weight", {2, 1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}},
                     {"0.bias", {2}, {0, 0}},
                     {"3.weight", {1, 12}, {}},
                     {"3.bias", {1}, {0}}};
  for (int i = 0; i < 12; ++i) tensors[2].values.push_back(static_cast<float>(i));
  return tensors;
}

/// The parameters of a network as one vector, with zeros for alignment.
template <class Network>
std::vector<float> collected(const state_dict& tensors) {
  constexpr auto& layout = Network::parameter_layout;
  std::vector<float> result(static_cast<std::size_t>(layout.elements),
                            std::numeric_limits<float>::quiet_NaN());
  parameters_from(stream_of(tensors), Network::parameter_table,
                  [&](const parameter_part& part, std::span<const float> values) {
                    const parameter_place& p = part.place;
                    const long offset =
                        p.tensor[part.tensor] + part.first * p.list.tensors[part.tensor].patch.elements();
                    ASSERT_LE(offset + static_cast<long>(values.size()), layout.elements);
                    std::ranges::copy(values, result.begin() + offset);
                  });
  EXPECT_EQ(std::ranges::count_if(result, [](float v) { return std::isnan(v); }),
            layout.elements - Network::parameters);
  for (float& v : result)
    if (std::isnan(v)) v = 0;
  return result;
}

TEST(parameters, are_channels_last_in_memory) {
  const auto& layout = mixed::parameter_layout;
  const std::vector<float> ours = collected<mixed>(mixed_weights());
  const auto part = [&](long from, long count) {
    return std::vector<float>(ours.begin() + from, ours.begin() + from + count);
  };
  EXPECT_EQ(part(layout.places[0].tensor[0], 8), (std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8}));
  // PyTorch's feature c * 6 + position is the library's feature position * 2 + c.
  EXPECT_EQ(part(layout.places[3].tensor[0], 12), (std::vector<float>{0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11}));
}

TEST(parameters, of_several_input_channels_are_transposed) {
  using colour = network<input<2, 2, 3>, conv2d<1, size{1, 2}>>;
  const state_dict tensors{{"0.weight", {1, 3, 1, 2}, {1, 2, 10, 20, 100, 200}}, {"0.bias", {1}, {7}}};
  const auto ours = collected<colour>(tensors);
  EXPECT_EQ(std::vector<float>(ours.begin(), ours.begin() + 6), (std::vector<float>{1, 10, 100, 2, 20, 200}));
}

TEST(parameters, of_dense_after_flatten_read_the_map_that_pytorch_would) {
  // The score computed in PyTorch's order: 6 positions of channel 0, then those of channel 1.
  const cpu device;
  const model<mixed> m(device, mixed_weights());
  session<model<mixed>, pass::forward> s(m);
  const tensor image = laws::random_images(mixed::input_shape);
  s.forward(image);
  float expected = 0;
  for (int c = 0; c < 2; ++c)
    for (int y = 0; y < 2; ++y)
      for (int x = 0; x < 3; ++x) {
        float sum = 0;
        for (int k = 0; k < 4; ++k)
          sum += static_cast<float>(4 * c + k + 1) * image(0, y + k / 2, x + k % 2, 0);
        expected += static_cast<float>(c * 6 + y * 3 + x) * std::max(sum, 0.0f);
      }
  EXPECT_NEAR(s.scores().values[0], expected, 1e-3f * std::abs(expected));
}

TEST(parameters, keep_the_maps_order_through_layers_that_move_nothing) {
  using delayed = network<input<2, 2, 2>, flatten, relu, flatten, dense<1>, dense<1>>;
  static_assert(delayed::parameter_layout.places[3].order == shape{2, 2, 2});
  static_assert(delayed::parameter_layout.places[4].order == shape{1, 1, 1});
  using pooled = network<input<4, 4, 2>, global_avg_pool, flatten, dense<1>>;
  static_assert(pooled::parameter_layout.places[2].order == shape{1, 1, 2});
}

TEST(parameters, survive_the_round_trip) {
  laws::for_each_network([]<class Network>() {
    const state_dict tensors = laws::random_weights<Network>();
    const cpu device;
    const state_dict back = model<Network>(device, tensors).to_state_dict();
    ASSERT_EQ(back.size(), tensors.size());
    for (std::size_t i = 0; i < back.size(); ++i) {
      EXPECT_EQ(back[i].name, tensors[i].name);
      EXPECT_EQ(back[i].dimensions, tensors[i].dimensions);
      EXPECT_EQ(back[i].values, tensors[i].values);
    }
  });
}

TEST(parameters, may_come_in_any_order) {
  state_dict tensors = mixed_weights();
  const auto straight = collected<mixed>(tensors);
  std::swap(tensors[0], tensors[3]);
  EXPECT_EQ(collected<mixed>(tensors), straight);
}

TEST(parameters, lose_a_prefix_that_all_names_share) {
  const auto straight = collected<mixed>(mixed_weights());
  for (const std::string prefix : {"module.", "_orig_mod.", "model.", "module._orig_mod.net."}) {
    state_dict tensors = mixed_weights();
    for (named_tensor& t : tensors) t.name = prefix + t.name;
    EXPECT_EQ(collected<mixed>(tensors), straight) << prefix;
  }
}

TEST(parameters, may_be_renamed_and_left_out_as_they_come) {
  state_dict tensors = mixed_weights();
  const auto straight = collected<mixed>(tensors);
  tensors[2].name = "head.weight";
  tensors.insert(tensors.begin() + 1, {"teacher.weight", {1, 12}, std::vector<float>(12, -1.0f)});
  tensors.insert(tensors.begin(), {"steps", {}, {7}});
  tensors.push_back({"none", {0}, {}});
  const auto rename = [](const std::string& name) -> std::string {
    if (name == "head.weight") return "3.weight";
    return name == "teacher.weight" || name == "steps" || name == "none" ? "" : name;
  };
  const cpu device;
  const model<mixed> m(device, renamed(stream_of(tensors), rename));
  EXPECT_EQ(m.values(), straight);
}

template <class Device>
void are_what_was_loaded_or_assigned(const Device& device) {
  laws::for_each_network([&]<class Network>() {
    const state_dict tensors = laws::random_weights<Network>();
    model<Network, Device> m(device, tensors);
    auto expected = collected<Network>(tensors);
    EXPECT_EQ(m.values(), expected);
    for (float& v : expected) v *= -2;
    m.assign(expected);
    EXPECT_EQ(m.values(), expected);
  });
}
TEST_ON_EVERY_DEVICE(parameters, of_a_model_are_what_was_loaded_or_assigned) {
  if (const gpu* card = laws::tested_gpu()) return are_what_was_loaded_or_assigned(*card);
  are_what_was_loaded_or_assigned(cpu());
  are_what_was_loaded_or_assigned(cpu(implementation::eigen));
}

TEST(parameters, come_in_pieces_of_whole_filters) {
  // 300 filters of 5 x 9 x 49 weights: 10 pieces of 29 filters and one of 10.
  using tall = network<input<9, 9, 49>, conv2d<300, size{5, 9}>>;
  const state_dict tensors = laws::random_weights<tall>();
  constexpr long patch = 5 * 9 * 49;
  long pieces = 0;
  parameters_from(stream_of(tensors), tall::parameter_table,
                  [&](const parameter_part& part, std::span<const float> values) {
                    if (part.tensor != 0) return;
                    EXPECT_EQ(part.first, 29 * pieces++);
                    EXPECT_EQ(static_cast<long>(values.size()), part.count * patch);
                    EXPECT_LE(values.size(), 1u << 16);
                  });
  EXPECT_EQ(pieces, 11);
  const auto ours = collected<tall>(tensors);
  for (const long o : {0, 28, 29, 30, 299})
    for (const long y : {0, 4})
      for (const long x : {0, 8})
        for (const long c : {0, 48})
          EXPECT_EQ(ours[static_cast<std::size_t>(((o * 5 + y) * 9 + x) * 49 + c)],
                    tensors[0].values[static_cast<std::size_t>(((o * 49 + c) * 5 + y) * 9 + x)]);
}

struct bad_weights {
  std::function<void(state_dict&)> spoil;
  std::string message;
};

TEST(parameters, of_another_network_are_refused_in_words) {
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              infinity = std::numeric_limits<float>::infinity();
  const bad_weights cases[] = {
      {[](state_dict& t) { t.erase(t.begin()); },
       "the weights lack '0.weight', which layer 0 (conv2d) expects as 2x1x2x2; use the weights of this very "
       "network, or "
       "declare the network they are of"},
      {[](state_dict& t) { t.pop_back(); },
       "the weights lack '3.bias', which layer 3 (dense) expects as 1; declare the layer without a bias, or "
       "export the "
       "bias too"},
      {[](state_dict& t) { t.clear(); },
       "the weights hold no tensors, not even '0.weight', which layer 0 (conv2d) expects as 2x1x2x2; export "
       "the network "
       "again"},
      {[](state_dict& t) { t[2].dimensions = {12, 1}; },
       "the weights' '3.weight' is 12x1, but layer 3 (dense) expects 1x12; transpose it to PyTorch's order, "
       "outputs x "
       "inputs"},
      {[](state_dict& t) { t[1] = {"0.bias", {}, {1}}; },
       "the weights' '0.bias' is a scalar, but layer 0 (conv2d) expects 2; use the weights of this very "
       "network, or "
       "declare the network they are of"},
      {[](state_dict& t) { t[0].values.pop_back(); },
       "the weights' '0.weight' has 7 values, which do not fill its dimensions; make both agree"},
      {[](state_dict& t) { t[1].values.push_back(0); },
       "the weights' '0.bias' has 3 values, which do not fill its dimensions; make both agree"},
      {[](state_dict& t) { t.push_back(t[1]); },
       "the weights hold '0.bias' twice; give each tensor a name of its own"},
      {[](state_dict& t) { t.push_back({"7.weight", {3, 4}, std::vector<float>(12)}); },
       "the weights have '7.weight' (3x4), which belongs to no layer of this network; declare the network "
       "that the "
       "weights are of, or leave it out by giving load a function that renames to nothing"},
      {[nan](state_dict& t) { t[2].values[5] = nan; },
       "the weights' '3.weight' has a value that is not finite at element 5; train or export the network "
       "again"},
      {[infinity](state_dict& t) { t[1].values[1] = -infinity; },
       "the weights' '0.bias' has a value that is not finite at element 1; train or export the network "
       "again"},
  };
  for (const bad_weights& bad : cases) {
    state_dict tensors = mixed_weights();
    bad.spoil(tensors);
    try {
      const cpu device;
      const model<mixed> accepted(device, tensors);
      ADD_FAILURE() << "accepted, for: " << bad.message;
    } catch (const error& e) {
      EXPECT_EQ(e.what(), bad.message);
    }
  }
}

}  // namespace
}  // namespace salient
