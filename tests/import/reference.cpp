// SPDX-License-Identifier: MIT
#include "import/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "golden/families/formula.hpp"
#include "networks/names.hpp"

namespace salient::import_test {
namespace {

nlohmann::json read_references() {
  return nlohmann::json::parse(networks::text_of(SALIENT_SOURCE_DIR "/tests/import/references.json.gz"));
}

}  // namespace

const reference& reference_of(const std::string& name) {
  static const nlohmann::json all = read_references();
  static std::map<std::string, reference> read;
  const auto [at, added] = read.try_emplace(name);
  if (added) {
    const nlohmann::json& r = all.at(name);
    at->second = {.extent = {r["input"][0], r["input"][1], r["input"][2]},
                  .scale = r["scale"],
                  .target = r["target"],
                  .output_extent = r["shape"],
                  .output = r["output"],
                  .gradient = r["gradient"]};
  }
  return at->second;
}

tensor image_of(const reference& r) {
  tensor image(r.extent, 1);
  const std::uint32_t name = golden::fnv1a("image");
  for (std::size_t i = 0; i < image.values.size(); ++i)
    image.values[i] = static_cast<float>(r.scale * golden::uniform(name, static_cast<long>(i)));
  return image;
}

void expect_near(std::span<const float> values, const std::vector<double>& expected, double relative,
                 const char* what) {
  ASSERT_EQ(values.size(), expected.size()) << what;
  double largest = 0, worst = 0;
  std::size_t at = 0;
  for (const double e : expected) largest = std::max(largest, std::abs(e));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = std::abs(static_cast<double>(values[i]) - expected[i]);
    if (!(difference <= worst)) {
      worst = difference;
      at = i;
    }
  }
  EXPECT_LE(worst, relative * largest)
      << what << " " << at << ": " << values[at] << " instead of " << expected[at];
}

std::string weights_file(const std::string& name) {
  return std::string(SALIENT_IMPORTED) + "/" + name + ".safetensors";
}

}  // namespace salient::import_test
