// SPDX-License-Identifier: MIT
#include "salient/graph/receptive_field.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "laws/method_laws.hpp"
#include "laws/naive_graph.hpp"
#include "laws/network_laws.hpp"
#include "laws/random_graph.hpp"
#include "salient/networks/efficientnet.hpp"
#include "salient/networks/inception_v3.hpp"
#include "salient/networks/resnet.hpp"
#include "salient/networks/vgg.hpp"
#include "salient/salient.hpp"

namespace salient {
namespace {

using axis = field_axis;

template <class Network>
constexpr receptive_fields at(std::string_view path) {
  return receptive_field<Network>(Network::find(path));
}
template <class... L>
constexpr receptive_fields behind() {
  using net = network<input<23, 40, 2>, L...>;
  return receptive_field<net>(net::output);
}

// Published: Araujo, Norris and Sim 2019, and their program's table for VGG-16 (212, stride 32, padding 90)
// and Inception v3 (1311, stride 32, padding 618).
static_assert(at<networks::vgg16>("features.30").y == axis{-90, 212, 32});
static_assert(at<networks::vgg16>("features.29").x == axis{-90, 196, 16});
static_assert(at<networks::vgg16>("features.4").x == axis{-2, 6, 2});
static_assert(at<networks::inception_v3>("Mixed_7c").y == axis{-618, 1311, 32});

// ResNet-50, whose strides are in the 3x3 convolutions: 11 after the first pool; then each 3x3 adds 2
// strides.
static_assert(at<networks::resnet50>("layer1").y == axis{-17, 11 + 3 * 8, 4});
static_assert(at<networks::resnet50>("layer2").y.size == 35 + 8 + 3 * 16);
static_assert(at<networks::resnet50>("layer3").y.size == 91 + 16 + 5 * 32);
static_assert(at<networks::resnet50>("layer4").x == axis{-213, 267 + 32 + 2 * 64, 32});
static_assert(!at<networks::resnet50>("layer4").global);
static_assert(at<networks::efficientnet_b0>("features.8").global, "squeeze-and-excite gates");
static_assert(at<networks::efficientnet_b0>("features.8").y.stride == 32);

// By hand.
static_assert(receptive_field<network<input<5, 5>, relu>>(0) == receptive_fields{});
static_assert(behind<relu, batch_norm<>>() == receptive_fields{});
static_assert(behind<conv2d<2, 3>>().y == axis{0, 3, 1});
static_assert(behind<conv2d<2, 3>, conv2d<2, 3>, conv2d<2, 3>>().x == axis{0, 7, 1});
static_assert(behind<conv2d<2, size{3, 5}, with{.stride = size{2, 1}, .padding = padding{1, 2}}>>() ==
              receptive_fields{{-1, 3, 2}, {-2, 5, 1}});
static_assert(behind<conv2d<2, 3, with{.padding = padding{0, 1, 2, 1}, .dilation = 3}>>().y == axis{0, 7, 1});
static_assert(behind<conv2d<2, 3, with{.padding = padding{0, 1, 2, 1}, .dilation = 3}>>().x ==
              axis{-1, 7, 1});
static_assert(behind<conv2d<2, 4, with{.stride = 2, .padding = padding::same}>>() ==
                  receptive_fields{{-1, 4, 2}, {-1, 4, 2}},
              "23 rows need 3 of padding, 40 columns 2: the odd one goes below");
static_assert(behind<max_pool<2>, avg_pool<3, with{.stride = 1, .padding = 1}>>().y == axis{-2, 6, 2});
static_assert(behind<conv2d<2, 3>, pad<border{.top = 2, .left = -1}>>() ==
              receptive_fields{{-2, 3, 1}, {1, 3, 1}});
static_assert(behind<conv2d<2, 3>, layer_norm<>, slice<1, 1>>().y == axis{0, 3, 1});
static_assert(behind<sum<conv2d<2, 5, with{.padding = 2}>, conv2d<2, 3, with{.padding = 1}>, identity>>().y ==
              axis{-2, 5, 1});
static_assert(behind<concat<conv2d<2, 5, with{.padding = padding{4, 0, 0, 4}}>,
                            conv2d<2, 5, with{.padding = padding{0, 4, 4, 0}}>>>() ==
                  receptive_fields{{-4, 9, 1}, {-4, 9, 1}},
              "one looks up and right, the other down and left");
static_assert(behind<global_avg_pool>() == receptive_fields{{0, 23, 0}, {0, 40, 0}});
static_assert(behind<conv2d<2, 3>, flatten, dense<3>, relu>() == receptive_fields{{0, 23, 0}, {0, 40, 0}});
static_assert(behind<pad<border{.top = -3}>, global_max_pool>().y == axis{3, 20, 0}, "rows that are cut off");
// A gate leaves the local field as it is.
using gated =
    sequence<conv2d<2, 3, with{.stride = 2}>, product<identity, sequence<global_avg_pool, sigmoid>>>;
static_assert(behind<gated>() == receptive_fields{{0, 3, 2}, {0, 3, 2}, true});
static_assert(behind<gated, conv2d<2, 3>>() == receptive_fields{{0, 7, 2}, {0, 7, 2}, true});
// Two strides: half the cells of one branch, half the image of the other.
using strides = sum<conv2d<2, 1, with{.stride = 2}>, pad<border{.bottom = -11, .right = -20}>>;
static_assert(behind<strides>() == receptive_fields{{0, 1, 2}, {0, 1, 2}, true});
static_assert(behind<adaptive_avg_pool<1>>() == receptive_fields{{0, 23, 0}, {0, 40, 0}});
using even = network<input<6, 8>, adaptive_avg_pool<size{3, 2}>>;
static_assert(receptive_field<even>(1) == receptive_fields{{0, 2, 2}, {0, 4, 4}});
using uneven = network<input<7, 8>, adaptive_avg_pool<size{3, 2}>>;
static_assert(receptive_field<uneven>(1) == receptive_fields{{0, 7, 0}, {0, 8, 0}},
              "windows of 3, 3 and 3 rows");

static_assert(receptive_fields{{0, 3, 2}, {1, 2, 1}}.sees(1, 0, 4, 2));
static_assert(!receptive_fields{{0, 3, 2}, {1, 2, 1}}.sees(1, 0, 5, 2));
static_assert(!receptive_fields{{0, 3, 2}, {1, 2, 1}}.sees(1, 0, 4, 3));

/// Changing one pixel changes no cell that does not see it. Counts the changed cells that do.
template <class Network>
long changed_cells() {
  const cpu device;
  const auto m = laws::random_model<Network, double>(device);
  const auto images = laws::random_images<double>(Network::input_shape);
  laws::naive_graph<Network> before(m), after(m);
  before.forward(images);
  long changed = 0;
  for (int y = 0; y < Network::input_shape.height; ++y)
    for (int x = 0; x < Network::input_shape.width; ++x) {
      auto moved = images;
      moved(0, y, x, 0) += 1;
      after.forward(moved);
      for (int a = 0; a <= Network::size; ++a) {
        const receptive_fields fields = receptive_field<Network>(a);
        const shape extent = Network::extent(a);
        for (std::size_t i = 0; i < before.value(a).size(); ++i) {
          if (before.value(a)[i] == after.value(a)[i]) continue;
          const int cell = static_cast<int>(i) / extent.channels;
          EXPECT_TRUE(fields.sees(cell / extent.width, cell % extent.width, y, x))
              << "activation " << a << ", cell " << cell << ", pixel " << y << ", " << x;
          changed += fields.global ? 0 : 1;
        }
      }
    }
  return changed;
}

template <std::uint64_t... Seeds>
void in_random_graphs(std::integer_sequence<std::uint64_t, Seeds...>) {
  const auto law = []<std::uint64_t Seed>() {
    using drawn = laws::random_graph<Seed>;
    SCOPED_TRACE("seed " + std::to_string(Seed) + ": " + laws::describe<drawn>());
    EXPECT_GT(changed_cells<drawn>(), 0);
  };
  (law.template operator()<Seeds + 1>(), ...);
}
TEST(receptive_field, no_other_pixel_changes_a_cell_of_a_random_graph) {
  in_random_graphs(std::make_integer_sequence<std::uint64_t, 16>{});
}

TEST(receptive_field, no_other_pixel_changes_a_cell_of_a_chain) {
  laws::for_each_network([]<class Network>() { EXPECT_GT(changed_cells<Network>(), 0); });
  EXPECT_GT((changed_cells<network<input<9, 8, 2>, conv2d<2, 3, with{.padding = 2, .dilation = 2}>,
                                   max_pool<2, with{.padding = padding::same}>,
                                   pad<border{.top = 1, .right = -1}>, adaptive_avg_pool<2>>>()),
            0);
}

}  // namespace
}  // namespace salient
