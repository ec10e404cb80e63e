// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "golden/families/formula.hpp"
#include "import/real_data.hpp"

namespace salient::import_test {
namespace {

const nlohmann::json& entry_of(const std::string& file) {
  static const auto all =
      nlohmann::json::parse(std::ifstream(SALIENT_SOURCE_DIR "/tests/import/scores.json"));
  return all.at(file);
}

/// CIFAR-10's values are 0 to 255. Networks want them minus `shift`, divided by `scale`, for each channel.
struct cifar_network {
  const char* file;
  std::array<double, 3> shift, scale;
  int right;
};
constexpr cifar_network cifar_networks[] = {
    {"resnet20.", {255 * .485, 255 * .456, 255 * .406}, {255 * .229, 255 * .224, 255 * .225}, 94},
    {"mlperf_resnet8.", {0, 0, 0}, {1, 1, 1}, 88},
    {"resnet8_q.", {0, 0, 0}, {1, 1, 1}, 88}};  // 86 with activations quantised

}  // namespace

tensor scored_images(const std::string& file, shape extent) {
  const nlohmann::json& e = entry_of(file);
  EXPECT_EQ(e["input"]["size"], (nlohmann::json{extent.height, extent.width, extent.channels}));
  tensor images(extent, 2);
  const bool quantised = e.contains("float");
  for (long n = 0; n < 2; ++n) {
    const std::uint32_t name = golden::fnv1a(n == 0 ? "image" : "image 2");
    const auto image = images.image(n);
    for (std::size_t i = 0; i < image.size(); ++i) {
      const double u = (golden::uniform(name, static_cast<long>(i)) + 1) / 2;
      if (quantised) {
        const nlohmann::json& f = e["float"];
        const double least = f["type"] == "int8" ? -128 : 0;
        image[i] = static_cast<float>((std::floor(256 * u) + least - f["zero_point"].get<double>()) *
                                      f["scale"].get<double>());
      } else {
        const double low = e["range"][0], high = e["range"][1];
        image[i] = static_cast<float>(low + (high - low) * u);
      }
    }
  }
  return images;
}

void expect_scores(const std::string& file, const std::vector<float>& scores) {
  const nlohmann::json& e = entry_of(file);
  const nlohmann::json& expected = e.contains("float") ? e["float"] : e;
  const auto count = e["output"]["count"].get<std::size_t>();
  ASSERT_EQ(scores.size(), 2 * count);
  for (std::size_t n = 0; n < 2; ++n) {
    const auto first = scores.begin() + static_cast<std::ptrdiff_t>(n * count);
    const std::vector<double> at_some = expected["scores"][n];
    double largest = 0;
    for (const double x : at_some) largest = std::max(largest, std::abs(x));
    for (std::size_t i = 0; i < at_some.size(); ++i)
      EXPECT_NEAR(first[e["at"][i].get<std::ptrdiff_t>()], at_some[i], 1e-4 * largest)
          << "image " << n << ", score " << e["at"][i];
    EXPECT_EQ(std::max_element(first, first + static_cast<std::ptrdiff_t>(count)) - first,
              expected["best"][n].get<std::ptrdiff_t>());
  }
}

std::optional<labelled_images> images_for(const std::string& file) {
  const auto known =
      std::ranges::find_if(cifar_networks, [&](const cifar_network& c) { return file.starts_with(c.file); });
  std::ifstream csv(SALIENT_TEST_DATA "/cifar10/cifar10_test.csv");
  if (known == std::end(cifar_networks) || !csv) return {};
  labelled_images all{tensor({32, 32, 3}, 0), {}, known->right};
  for (std::string line; std::getline(csv, line); ++all.images.batch) {
    std::istringstream numbers(line);
    double number = 0;
    char comma = 0;
    numbers >> number;
    all.labels.push_back(static_cast<int>(number));
    for (std::size_t channel = 0; numbers >> comma >> number; channel = (channel + 1) % 3)
      all.images.values.push_back(
          static_cast<float>((number - known->shift[channel]) / known->scale[channel]));
  }
  return all;
}

}  // namespace salient::import_test
