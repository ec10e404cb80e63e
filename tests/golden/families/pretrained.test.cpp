// SPDX-License-Identifier: MIT
// label: unsanitized
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "golden/reference.hpp"
#include "salient/core/scores.hpp"
#include "salient/graph/predict.hpp"
#include "salient/io/image.hpp"
#include "salient/io/safetensors.hpp"
#include "salient/load.hpp"
#include "salient/networks/cifar_resnet.hpp"
#include "salient/networks/efficientnet_lite.hpp"

namespace salient::golden {
namespace {

const std::filesystem::path cifar10 = SALIENT_TEST_DATA "/cifar10";
const std::filesystem::path photos = SALIENT_TEST_DATA "/photos";
const std::filesystem::path lite0 = SALIENT_LITE0;

TEST(pretrained, resnet20_classifies_94_of_100_images_of_cifar10) {
  if (!std::filesystem::exists(cifar10 / "resnet20.safetensors"))
    GTEST_SKIP() << "needs resnet20.safetensors and cifar10_test.csv in " << cifar10
                 << "; set SALIENT_TEST_DATA to the folder above";
  std::ifstream csv(cifar10 / "cifar10_test.csv");
  std::vector<int> labels;
  tensor images({32, 32, 3}, 0);
  for (std::string line; std::getline(csv, line);) {
    std::istringstream numbers(line);
    int number = 0;
    char comma = 0;
    numbers >> number;
    labels.push_back(number);
    while (numbers >> comma >> number) images.values.push_back(static_cast<float>(number) / 255);
    ++images.batch;
  }
  ASSERT_EQ(labels.size(), 100u);
  ASSERT_EQ(images.values.size(), 100u * 32 * 32 * 3);

  const cpu device;
  const auto model = load<networks::resnet20>(cifar10 / "resnet20.safetensors", device);
  const std::vector<int> classes = predicted_classes(predict(model, images));
  int right = 0;
  for (std::size_t n = 0; n < labels.size(); ++n) right += classes[n] == labels[n];
  EXPECT_EQ(right, 94);
}

TEST(pretrained, efficientnet_lite0_classifies_photos_as_in_pytorch) {
  if (!std::filesystem::exists(lite0 / "scores.safetensors"))
    GTEST_SKIP() << "needs what tests/golden/families/convert_lite0.py writes in " << lite0
                 << "; or set SALIENT_LITE0 to its folder";
  const cpu device;
  const auto model = load<networks::efficientnet_lite0>(lite0 / "efficientnet_lite0.safetensors", device);
  std::map<std::string, int> classes;
  for (const named_tensor& photo : read_safetensors(lite0 / "scores.safetensors")) {
    SCOPED_TRACE(photo.name);
    const tensor image = read_image(lite0 / (photo.name + ".png"), {224, 224, 3});
    // Of the photo itself, the network's input makes the same pixels as Pillow.
    if (const auto jpeg = photos / (photo.name + ".jpg"); std::filesystem::exists(jpeg)) {
      EXPECT_EQ(read_image(jpeg, networks::efficientnet_lite0::input).values, image.values);
    }
    const tensor scores = predict(model, image);
    EXPECT_EQ(
        difference(std::span<const float>(scores.values),
                   std::span<const double>(std::vector<double>(photo.values.begin(), photo.values.end())),
                   1e-4),
        "");
    classes[photo.name] = predicted_classes(scores)[0];
    std::cout << photo.name << ": class " << classes[photo.name] << '\n';
  }
  // "hotdog, hot dog, red hot", "macaw" and "Egyptian cat"
  for (const auto& [photo, expected] :
       std::map<std::string, int>{{"hot_dog", 934}, {"parrot", 88}, {"cat_720p", 285}})
    EXPECT_EQ(classes.at(photo), expected) << photo;
}

}  // namespace
}  // namespace salient::golden
