// SPDX-License-Identifier: MIT

// Prints the README's table of occlusion: what share of a pass's multiply-adds a window of the default size
// reaches, and how long a photograph's or a digit's windows take in whole passes and in passes on crops.
// Takes names of networks; without any it measures all.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <vector>

#include "networks.hpp"
#include "salient/method/changed_inputs.hpp"
#include "salient/networks/efficientnet_lite.hpp"
#include "salient/networks/mobilenet_v2.hpp"
#include "salient/networks/resnet.hpp"
#include "salient/networks/vgg.hpp"
#include "salient/salient.hpp"
#include "salient/train/initialise.hpp"

namespace {

using namespace salient;

/// The least of three.
template <class F>
double seconds(const F& f) {
  double least = 1e30;
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    f();
    least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return least;
}

template <class Network>
void row(std::string_view name) {
  using occluded = methods::occlusion;
  const cpu device(implementation::direct);
  const model<Network> m(device, random_parameters<Network>(1));
  tensor image(Network::input_shape);
  for (std::size_t i = 0; i < image.values.size(); ++i)
    image.values[i] = static_cast<float>(i * 37 % 101) / 100;
  session<model<Network>, pass_for<Network, occluded>> s(m);
  const auto all = methods::detail::make_windows(Network::input_shape, {}, {});
  const auto stages = plan_crops(Network::graph, Network::topology, Network::template plan<pass::forward>,
                                 Network::scores, all.along_y(), all.along_x());
  const crop_work work = work_of(Network::graph, Network::scores, stages);
  const double crops = seconds([&] { explain(s, image, logit(1), occluded{}); });

  // Whole passes about the first windows, in the time of all.
  const long some = std::min(all.count(), 64L);
  const query asked(s, image, logit(1));
  const tensor input = asked.activation(0);
  methods::detail::changed_inputs changed(asked, some, occluded{}.budget);
  const double whole = seconds([&] {
    changed.run(
        0, some, "with a part of the image covered",
        [&](long k, std::span<float> to) {
          std::ranges::copy(input.values, to.begin());
          all.for_each_position(k, [&](int y, int x) {
            const auto channels = static_cast<std::size_t>(Network::input_shape.channels);
            std::ranges::fill(
                to.subspan(static_cast<std::size_t>(y * Network::input_shape.width + x) * channels, channels),
                0.0F);
          });
        },
        [](long, float) {});
  });
  const double of_all = whole * static_cast<double>(all.count()) / static_cast<double>(some);
  std::printf("| `%.*s` | %ld | %.0f %% | %.3g | %.3g | %.1f |\n", static_cast<int>(name.size()), name.data(),
              all.count(), 100 * work.cropped / work.whole, of_all, crops, of_all / crops);
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string_view> asked(arguments + 1, arguments + count);
  const auto measure = [&]<class Network>(std::string_view name) {
    if (asked.empty() || std::ranges::find(asked, name) != asked.end()) row<Network>(name);
  };
  std::puts(
      "| network | windows | multiply-adds | whole passes, s | crops, s | gain |\n|---|---|---|---|---|---|");
  measure.operator()<digits::cnn>("cnn");
  measure.operator()<digits::deep_cnn>("deep_cnn");
  measure.operator()<digits::pooled_cnn>("pooled_cnn");
  measure.operator()<digits::resnet>("resnet");
  measure.operator()<networks::vgg16>("vgg16");
  measure.operator()<networks::resnet18>("resnet18");
  measure.operator()<networks::resnet50>("resnet50");
  measure.operator()<networks::mobilenet_v2>("mobilenet_v2");
  measure.operator()<networks::efficientnet_lite0>("efficientnet_lite0");
}
