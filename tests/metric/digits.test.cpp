// SPDX-License-Identifier: MIT
#include "../apps/networks.hpp"
#include "metric/maps.hpp"
#include "salient/io/idx.hpp"
#include "salient/metrics.hpp"
#include "salient/salient.hpp"

namespace salient::metrics {
namespace {

estimate mean_area(const std::vector<curve>& curves) { return mean_over_images(areas(curves)); }

/// A trained classifier finds its digits where a method points, and not where chance does.
TEST(digits, tell_a_method_from_chance) {
  const std::string apps = SALIENT_SOURCE_DIR "/apps/";
  const cpu device;
  const auto model = load<digits::pooled_cnn>(apps + "weights/pooled_cnn.safetensors", device);
  const std::vector<long> first{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const tensor images = read_mnist(apps + "data", split::test, first).images;
  const tensor chance = noise<float>(images.extent, images.batch);
  const tensor map = integrated_gradients(model, images, logit(), {.steps = 10}).map;

  const auto removed = mean_area(deletion(model, images, map, probability(), {.steps = 28})),
             at_random = mean_area(deletion(model, images, chance, probability(), {.steps = 28}));
  EXPECT_EQ(removed.count, 12);
  EXPECT_LT(removed.within->high, at_random.within->low);
  const auto inserted = mean_area(insertion(model, images, map, probability(), {.steps = 28, .blur = 2})),
             by_chance = mean_area(insertion(model, images, chance, probability(), {.steps = 28, .blur = 2}));
  EXPECT_GT(inserted.within->low, by_chance.within->high);
  const auto drop = mean_over_images(average_drop(explained_confidence(model, images, map))),
             without = mean_over_images(average_drop(explained_confidence(model, images, chance)));
  EXPECT_LT(*drop.mean, *without.mean);
  EXPECT_GT(*mean_over_images(sparseness(map)).mean, *mean_over_images(sparseness(chance)).mean);
}

}  // namespace
}  // namespace salient::metrics
